using System.Diagnostics;
using System.Globalization;
using Npgsql;
using WaLab.Servers;
using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Lab;
using WaMigration.Engine.Tests.Migrations;
using WaMigration.Security;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>Two real servers that all these tests share, and databases on both under a prefix that nobody else has.</summary>
internal sealed class CopyLab : IAsyncDisposable
{
    internal const string Store = "messageStore";
    private static readonly Lock Gate = new();
    private static Task<LabPostgres>? second;
    private bool isOwner;

    private CopyLab(LabPostgres source, LabPostgres target)
    {
        (Source, Target) = (source, target);
        Prefix = "c" + Guid.NewGuid().ToString("N")[..10] + "_";
    }

    internal LabPostgres Source { get; }

    internal LabPostgres Target { get; }

    internal string Prefix { get; }

    internal string Database => Prefix + Store;

    internal TemporaryFolder Folder { get; } = new();

    internal RecordingConsole Console { get; } = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<CopyLab> StartAsync()
    {
        var source = await LabServers.SharedPostgresAsync();
        Task<LabPostgres> starting;
        lock (Gate)
        {
            starting = second ??= LabPostgres.StartAsync(cancellationToken: CancellationToken.None);
        }

        return new CopyLab(source, await starting);
    }

    /// <summary>On two servers of the test's own, which it may kill.</summary>
    internal static async Task<CopyLab> StartOnOwnServersAsync(params string[] statements)
    {
        var (source, target) = (LabPostgres.StartAsync(cancellationToken: Cancellation), LabPostgres.StartAsync(cancellationToken: Cancellation));
        return await FillAsync(new CopyLab(await source, await target) { isOwner = true }, statements);
    }

    /// <summary>With a database on the source made of these statements.</summary>
    internal static async Task<CopyLab> StartAsync(params string[] statements) => await FillAsync(await StartAsync(), statements);

    private static async Task<CopyLab> FillAsync(CopyLab lab, string[] statements)
    {
        await lab.SourceAsync("postgres", $"CREATE DATABASE \"{lab.Database}\"");
        foreach (var statement in statements)
        {
            await lab.SourceAsync(statement);
        }

        return lab;
    }

    /// <summary>With the museum on the source.</summary>
    internal static async Task<CopyLab> StartMuseumAsync()
    {
        var lab = await StartAsync([]);
        var file = lab.Folder.File("museum.sql");
        await using (var resource = typeof(CopyLab).Assembly.GetManifestResourceStream("WaMigration.Engine.Tests.Databases.Museum.sql")!)
        await using (var copy = File.Create(file))
        {
            await resource.CopyToAsync(copy, Cancellation);
        }

        await lab.ToolAsync(lab.Source, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", lab.Database, "-f", file);
        return lab;
    }

    internal WaDatabaseServer Describe(LabPostgres server, string? user = null, string? password = null, int? port = null) => new(
        WaDatabaseEngine.PostgreSql, LabPostgres.Host, port ?? server.Port, user ?? LabPostgres.User, Secret.Conceal(password ?? server.Password), Prefix, WaSslMode.Disable);

    internal async Task<IReadOnlyList<WaTableCopy>> CopyAsync(CopyOptions? options = null, bool planOnly = false)
    {
        var tables = new List<WaTableCopy>();
        await DatabaseCopier.RunAsync(Describe(Source), Describe(Target), options ?? new CopyOptions(), Collect(tables), Console.Operation(planOnly));
        return tables;
    }

    /// <summary>To the target as another role sees it.</summary>
    internal async Task<IReadOnlyList<WaTableCopy>> CopyAsAsync(WaDatabaseServer target, CopyOptions? options = null)
    {
        var tables = new List<WaTableCopy>();
        await DatabaseCopier.RunAsync(Describe(Source), target, options ?? new CopyOptions(), Collect(tables), Console.Operation());
        return tables;
    }

    /// <summary>A role on the target that may make databases and nothing else, as cloud providers give them.</summary>
    internal async Task<OrdinaryRole> OrdinaryRoleAsync()
    {
        var name = Prefix + "role";
        await TargetAsync("postgres", $"CREATE ROLE \"{name}\" LOGIN CREATEDB PASSWORD 'ordinary'");
        return new OrdinaryRole(this, Describe(Target, name, "ordinary"));
    }

    internal async Task<IReadOnlyList<WaTableComparison>> DifferencesAsync()
    {
        var found = new List<WaTableComparison>();
        await DatabaseComparer.RunAsync(Describe(Source), Describe(Target), new CopyOptions(), Collect(found), Console.Operation());
        Assert.NotEmpty(found);
        return [.. found.Where(one => !one.IsEqual)];
    }

    /// <summary>Rows that a table of the target has beyond those of its finished chunks.</summary>
    internal async Task<long> RowsBesideTheLedgerAsync(string table)
    {
        if (!await TargetExistsAsync() || await AskTargetAsync<bool>(Database, $"SELECT to_regclass('_wamigration.ledger') IS NULL OR to_regclass('{table}') IS NULL"))
        {
            return 0;
        }

        return await AskTargetAsync<long>(Database, $"SELECT (SELECT count(*) FROM {table}) - (SELECT coalesce(sum(rows), 0)::bigint FROM _wamigration.ledger WHERE kind = 'chunk' AND name = 'public.{table}')");
    }

    internal async Task<WaDatabaseArchive> ExportAsync(string name, string? password = null, CopyOptions? options = null) =>
        (await ArchiveExporter.RunAsync(Describe(Source), Folder.File(name), password, 3, options ?? new CopyOptions(), Console.Operation()))!;

    internal async Task<IReadOnlyList<WaTableCopy>> ImportAsync(string name, string? password = null, CopyOptions? options = null)
    {
        var tables = new List<WaTableCopy>();
        await ArchiveImporter.ImportAsync(Folder.File(name), password, Describe(Target), options ?? new CopyOptions(), Collect(tables), Console.Operation());
        return tables;
    }

    internal Task<WaDatabaseArchive> TestAsync(string name, string? password = null) =>
        ArchiveReader.TestAsync(Folder.File(name), password, Console.Operation());

    internal Task SourceAsync(string statement) => SourceAsync(Database, statement);

    internal Task SourceAsync(string database, string statement) => ExecuteAsync(Source, database, statement);

    internal Task TargetAsync(string statement) => ExecuteAsync(Target, Database, statement);

    internal Task TargetAsync(string database, string statement) => ExecuteAsync(Target, database, statement);

    internal async Task<T> AskTargetAsync<T>(string database, string question)
    {
        await using var connection = new NpgsqlConnection(Target.ConnectionString(database));
        await connection.OpenAsync(Cancellation);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(question, connection);
#pragma warning restore CA2100
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    internal Task<bool> TargetExistsAsync() => AskTargetAsync<bool>("postgres", $"SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = '{Database}')");

    /// <summary>Objects and rows as pg_dump writes them; the two lines that differ in every dump are left out.</summary>
    internal async Task<IReadOnlyList<string>> DumpAsync(LabPostgres server, params string[] more) =>
        [.. (await ToolAsync(server, "pg_dump", ["-d", Database, "-b", .. more])).Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal))];

    /// <summary>One of the server's own programs.</summary>
    internal async Task<string> ToolAsync(LabPostgres server, string program, params string[] arguments)
    {
        var binaries = await PostgresBinaries.EnsureAsync(_ => { }, Cancellation);
        return await ShellAsync(server, Path.Combine(binaries.Folder, program), arguments);
    }

    internal async Task<string> ShellAsync(LabPostgres server, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder.Path };
        start.Environment["PGPASSWORD"] = server.Password;
        start.Environment["PGHOST"] = LabPostgres.Host;
        start.Environment["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = LabPostgres.User;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await errors}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        Folder.Dispose();
        if (isOwner)
        {
            await Source.DisposeAsync();
            await Target.DisposeAsync();
            return;
        }

        foreach (var server in new[] { Source, Target })
        {
            await ExecuteAsync(server, "postgres", $"DROP DATABASE IF EXISTS \"{Database}\" WITH (FORCE)");
        }
    }

    private static Action<T> Collect<T>(List<T> list) => item =>
    {
        lock (list)
        {
            list.Add(item);
        }
    };

    private static async Task ExecuteAsync(LabPostgres server, string database, string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString(database));
        await connection.OpenAsync(CancellationToken.None);
#pragma warning disable CA2100 // Tests give constants.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
