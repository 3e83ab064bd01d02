using WaMigration.Databases.Archives;
using WaMigration.Databases.Copying;
using WaMigration.Engine.Tests.Migrations;

namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>Two real servers of one engine that all these tests share, and databases on both under a prefix that nobody else has.</summary>
internal sealed class MySqlCopyLab : IAsyncDisposable
{
    internal const string Store = "messageStore";

    private readonly bool ownsServers;

    private MySqlCopyLab(MySqlLabServer source, MySqlLabServer target, bool ownsServers = false)
    {
        (Source, Target, this.ownsServers) = (source, target, ownsServers);
        Prefix = "c" + Guid.NewGuid().ToString("N")[..10] + "_";
    }

    internal MySqlLabServer Source { get; }

    internal MySqlLabServer Target { get; }

    internal string Prefix { get; }

    internal string Database => Prefix + Store;

    internal TemporaryFolder Folder { get; } = new();

    internal RecordingConsole Console { get; } = new();

    /// <summary>With a database on the source made of these statements.</summary>
    internal static async Task<MySqlCopyLab> StartAsync(WaDatabaseEngine engine, params string[] statements)
    {
        var lab = new MySqlCopyLab(await MySqlLabServer.SharedAsync(engine, 0), await MySqlLabServer.SharedAsync(engine, 1));
        await lab.Source.RunAsync(null, $"CREATE DATABASE `{lab.Database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        await lab.SourceAsync(statements);
        return lab;
    }

    /// <summary>On servers of the test's own, with no database yet; they end with it, running or not.</summary>
    internal static MySqlCopyLab On(MySqlLabServer source, MySqlLabServer target) => new(source, target, ownsServers: true);

    /// <summary>With every kind of object and value that the engine has on the source.</summary>
    internal static async Task<MySqlCopyLab> StartMuseumAsync(WaDatabaseEngine engine)
    {
        var lab = await StartAsync(engine);
        await lab.SourceAsync(["SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'", .. Statements("Museum.sql"), .. Statements($"Museum.{engine}.sql")]);
        return lab;
    }

    internal Task SourceAsync(params IEnumerable<string> statements) => Source.RunAsync(Database, statements);

    internal Task TargetAsync(params IEnumerable<string> statements) => Target.RunAsync(Database, statements);

    internal async Task<IReadOnlyList<WaTableCopy>> CopyAsync(CopyOptions? options = null, bool planOnly = false, WaDatabaseServer? from = null, WaDatabaseServer? to = null, TimeProvider? time = null, CancellationToken? cancellation = null)
    {
        var tables = new List<WaTableCopy>();
        await DatabaseCopier.RunAsync(from ?? Source.Describe(Prefix), to ?? Target.Describe(Prefix), options ?? new CopyOptions(), Collect(tables), Console.Operation(planOnly, time, cancellation));
        return tables;
    }

    internal async Task<IReadOnlyList<string>> DifferencesAsync()
    {
        var found = new List<WaTableComparison>();
        await DatabaseComparer.RunAsync(Source.Describe(Prefix), Target.Describe(Prefix), new CopyOptions(), Collect(found), Console.Operation());
        Assert.NotEmpty(found);
        return [.. found.Where(one => !one.IsEqual).Select(one => one.Kind + " " + one.Name + ": " + one.Detail)];
    }

    internal async Task<WaDatabaseArchive> ExportAsync(string name, string? password = null, CopyOptions? options = null) =>
        (await ArchiveExporter.RunAsync(Source.Describe(Prefix), Folder.File(name), password, 3, options ?? new CopyOptions(), Console.Operation()))!;

    internal async Task<IReadOnlyList<WaTableCopy>> ImportAsync(string name, string? password = null, CopyOptions? options = null)
    {
        var tables = new List<WaTableCopy>();
        await ArchiveImporter.ImportAsync(Folder.File(name), password, Target.Describe(Prefix), options ?? new CopyOptions(), Collect(tables), Console.Operation());
        return tables;
    }

    internal async Task<bool> TargetExistsAsync() => await Target.ValueAsync(null, $"SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '{Database}'") == "1";

    /// <summary>Both sides by questions that are not the module's own.</summary>
    internal async Task RequireEqualAsync() => Assert.Equal(await Source.DumpAsync(Database), await Target.DumpAsync(Database));

    public async ValueTask DisposeAsync()
    {
        Folder.Dispose();
        if (ownsServers)
        {
            await Source.Owner.DisposeAsync();
            await Target.Owner.DisposeAsync();
            return;
        }

        foreach (var server in new[] { Source, Target })
        {
            await server.RunAsync(null, $"DROP DATABASE IF EXISTS `{Database}`");
        }
    }

    private static string[] Statements(string file)
    {
        using var resource = typeof(MySqlCopyLab).Assembly.GetManifestResourceStream("WaMigration.Engine.Tests.Databases.MySql." + file)!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static Action<T> Collect<T>(List<T> list) => item =>
    {
        lock (list)
        {
            list.Add(item);
        }
    };
}
