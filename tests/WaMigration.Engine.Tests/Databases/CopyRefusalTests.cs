using Npgsql;
using WaLab.Servers;
using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>What stops a copy, each with an id of its own, before anything is written.</summary>
public sealed class CopyRefusalTests
{
    private const string Table = "CREATE TABLE a (id int PRIMARY KEY, v text)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("CREATE PUBLICATION p", "publication p")]
    [InlineData("CREATE TEXT SEARCH CONFIGURATION public.words (COPY = pg_catalog.english)", "text search configuration words")]
    [InlineData("CREATE TYPE kind AS (a int); CREATE TABLE typed OF kind", "table of a type public.typed")]
    [InlineData("CREATE OPERATOR FAMILY public.family USING btree", "operator family family")]
    [InlineData("CREATE FOREIGN DATA WRAPPER w", "foreign data wrapper w")]
    public async Task What_is_not_carried_stops_it_by_name(string statement, string named)
    {
        await using var lab = await CopyLab.StartAsync(Table, statement);

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

        Assert.Equal("DatabaseObjectsNotCarried", error.ErrorId);
        Assert.Contains(named, error.Evidence);
        Assert.False(await lab.TargetExistsAsync());
    }

    [Fact]
    public async Task An_extension_in_a_version_that_the_target_lacks_is_named_before_anything_is_made()
    {
        await using var lab = await CopyLab.StartAsync("CREATE EXTENSION pg_trgm", "UPDATE pg_extension SET extversion = '0.7' WHERE extname = 'pg_trgm'");

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

        Assert.Equal("TargetLacksWhatIsNeeded", error.ErrorId);
        Assert.Contains("VERSION '0.7'", Assert.Single(error.Evidence), StringComparison.Ordinal);
        Assert.False(await lab.TargetExistsAsync());
    }

    [Fact]
    public async Task A_target_with_data_is_not_touched()
    {
        await using var lab = await CopyLab.StartAsync(Table);
        await lab.TargetAsync("postgres", $"CREATE DATABASE \"{lab.Database}\"");
        await lab.TargetAsync("CREATE TABLE theirs (id int)");

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

        Assert.Equal("TargetDatabaseNotEmpty", error.ErrorId);
        Assert.Equal(1, await lab.AskTargetAsync<long>(lab.Database, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_server_is_known_by_any_of_its_names()
    {
        await using var lab = await CopyLab.StartAsync(Table);
        var other = new WaDatabaseServer(WaDatabaseEngine.PostgreSql, "localhost", lab.Source.Port, LabPostgres.User, Security.Secret.Conceal(lab.Source.Password), lab.Prefix, WaSslMode.Disable);

        var error = await Assert.ThrowsAsync<WaException>(() => DatabaseCopier.RunAsync(lab.Describe(lab.Source), other, new CopyOptions { Update = true }, _ => { }, lab.Console.Operation()));

        Assert.Equal("TargetIsSource", error.ErrorId);
    }

    [Fact]
    public async Task A_client_that_is_still_there_is_named()
    {
        await using var lab = await CopyLab.StartAsync(Table);
        await using (var theirs = new NpgsqlConnection(lab.Source.ConnectionString(lab.Database) + ";Application Name=coreapp"))
        {
            await theirs.OpenAsync(Cancellation);
            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());
            Assert.Equal("ClientStillWriting", error.ErrorId);
            Assert.Contains("coreapp", Assert.Single(error.Evidence), StringComparison.Ordinal);

            await lab.CopyAsync(new CopyOptions { AllowActiveClient = true });
        }

        Assert.Contains(lab.Console.Lines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("-Update", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_that_row_security_keeps_rows_from_is_refused()
    {
        await using var lab = await CopyLab.StartAsync(Table, "INSERT INTO a VALUES (1, 'x'), (2, 'y')", "ALTER TABLE a ENABLE ROW LEVEL SECURITY", "CREATE POLICY p ON a USING (id = 1)");
        var role = "r" + lab.Prefix.TrimEnd('_');
        await lab.SourceAsync("postgres", $"CREATE ROLE {role} LOGIN PASSWORD 'p'");
        try
        {
            await lab.SourceAsync($"GRANT SELECT ON a TO {role}");
            var error = await CopyAsAsync(lab, role);
            Assert.Equal("CannotSeeEverything", error.ErrorId);
            Assert.Contains("public.a", Assert.Single(error.Evidence), StringComparison.Ordinal);

            await lab.SourceAsync($"ALTER TABLE a DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON a FROM {role}");
            error = await CopyAsAsync(lab, role);
            Assert.Equal("CannotSeeEverything", error.ErrorId);
            Assert.Equal("no SELECT on public.a", Assert.Single(error.Evidence));
            Assert.False(await lab.TargetExistsAsync());
        }
        finally
        {
            await lab.SourceAsync("postgres", $"DROP DATABASE \"{lab.Database}\" WITH (FORCE)");
            await lab.SourceAsync("postgres", $"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_target_login_that_may_not_make_databases_is_told_so()
    {
        await using var lab = await CopyLab.StartAsync(Table);
        var role = "r" + lab.Prefix.TrimEnd('_');
        await lab.TargetAsync("postgres", $"CREATE ROLE {role} LOGIN PASSWORD 'p'");
        try
        {
            var error = await Assert.ThrowsAsync<WaException>(() => DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target, role, "p"), new CopyOptions(), _ => { }, lab.Console.Operation()));
            Assert.Equal("DatabasePrivilegeMissing", error.ErrorId);
        }
        finally
        {
            await lab.TargetAsync("postgres", $"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_wrong_password_and_a_server_that_is_not_there_are_told_apart()
    {
        await using var lab = await CopyLab.StartAsync(Table);

        var login = await Assert.ThrowsAsync<WaException>(() => DatabaseCopier.RunAsync(lab.Describe(lab.Source, password: "wrong"), lab.Describe(lab.Target), new CopyOptions(), _ => { }, lab.Console.Operation()));
        var absent = await Assert.ThrowsAsync<WaException>(() => DatabaseCopier.RunAsync(lab.Describe(lab.Source), lab.Describe(lab.Target, port: 1), new CopyOptions(), _ => { }, lab.Console.Operation()));

        Assert.Equal("DatabaseLoginRefused", login.ErrorId);
        Assert.Equal("DatabaseUnreachable", absent.ErrorId);
    }

    [Fact]
    public async Task A_prefix_without_databases_is_told_so()
    {
        await using var lab = await CopyLab.StartAsync();

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync());

        Assert.Equal("NoDatabasesFound", error.ErrorId);
    }

    [Fact]
    public async Task A_plan_tells_everything_and_writes_nothing()
    {
        await using var lab = await CopyLab.StartAsync(Table);

        Assert.Empty(await lab.CopyAsync(planOnly: true));

        Assert.False(await lab.TargetExistsAsync());
        Assert.Contains(lab.Console.Lines, line => line.StartsWith("what if: ", StringComparison.Ordinal) && line.Contains("public.a", StringComparison.Ordinal));
    }

    private static Task<WaException> CopyAsAsync(CopyLab lab, string role) => Assert.ThrowsAsync<WaException>(
        () => DatabaseCopier.RunAsync(lab.Describe(lab.Source, role, "p"), lab.Describe(lab.Target), new CopyOptions(), _ => { }, lab.Console.Operation()));
}
