namespace WaMigration.Engine.Tests.Databases;

/// <summary>A database that holds every kind of object and value goes from server to server and through an archive.</summary>
public sealed class MuseumTests
{
    private static readonly string[] WithoutOwners = ["--no-owner", "--no-privileges"];

    /// <summary>What is changed on the target, one at a time, and where it must be seen.</summary>
    private static readonly (string Kind, string Change)[] Changes =
    [
        ("table", "UPDATE public.binaries SET all_bytes = set_bit(all_bytes, 1000, 1 - get_bit(all_bytes, 1000)) WHERE id::text LIKE '%3'"),
        ("table", "UPDATE public.documents SET jb = jsonb_set(jb, '{b}', '1.0') WHERE jb ? 'b'"),
        ("table", "UPDATE public.numbers SET f8 = '0' WHERE k = 3"),
        ("table", "UPDATE public.numbers SET n = 1.000 WHERE k = 5"),
        ("table", "UPDATE public.texts SET blind = 'aBc' WHERE k = 'null' OR blind = 'ABC'"),
        ("table", "UPDATE public.texts SET bp = 'trail ' WHERE k = ''"),
        ("table", "UPDATE public.texts SET e = '' WHERE k = 'null'"),
        ("table", "UPDATE public.times SET i = '30 days' WHERE i = '1 mon'"),
        ("table", "DELETE FROM public.no_key WHERE ctid = '(0,3)'"),
        ("sequences", "SELECT nextval('public.untouched')"),
        ("objects", "CREATE OR REPLACE FUNCTION public.count_grouped() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) + 0 FROM public.grouped; END"),
        ("objects", "ALTER TABLE public.children ENABLE TRIGGER off"),
        ("objects", "COMMENT ON COLUMN public.parents.num IS 'new'"),
        ("objects", "ALTER TABLE public.parents ALTER COLUMN num SET STATISTICS 501"),
        ("objects", "DROP INDEX public.children_brin"),
        ("large objects", "SELECT lo_put(70002, 100000, 'x')"),
        ("large objects", "SELECT lo_unlink(70001)"),
    ];

    [Fact]
    public async Task A_copy_is_what_pg_dump_says_the_source_is()
    {
        await using var lab = await CopyLab.StartMuseumAsync();

        var tables = await lab.CopyAsync();

        Assert.All(tables, table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Equal(await lab.DumpAsync(lab.Source, WithoutOwners), await lab.DumpAsync(lab.Target, WithoutOwners));
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a password")]
    public async Task An_archive_gives_back_what_pg_dump_says_the_source_is(string? password)
    {
        await using var lab = await CopyLab.StartMuseumAsync();

        var archive = await lab.ExportAsync("archive", password);
        await lab.ImportAsync("archive", password);

        Assert.Equal(password is not null, archive.IsEncrypted);
        Assert.Equal(await lab.DumpAsync(lab.Source, WithoutOwners), await lab.DumpAsync(lab.Target, WithoutOwners));
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task An_archive_is_restored_by_hand_with_psql_and_zstd_alone()
    {
        await using var lab = await CopyLab.StartMuseumAsync();
        await lab.ExportAsync("archive");
        await lab.TargetAsync("postgres", $"CREATE DATABASE \"{lab.Database}\" TEMPLATE template0");

        await lab.ShellAsync(lab.Target, "sh", "-ec", $"cd archive/d01; NAME={lab.Database}; exec >/dev/null\n{ArchiveReadmeCommands.Of(lab.Folder.File("archive"))}");

        Assert.Equal(await lab.DumpAsync(lab.Source, WithoutOwners), await lab.DumpAsync(lab.Target, WithoutOwners));
    }

    [Fact]
    public async Task A_comparison_finds_each_single_change()
    {
        await using var lab = await CopyLab.StartMuseumAsync();
        await lab.CopyAsync();
        var good = lab.Prefix + "good";
        await lab.TargetAsync("postgres", $"ALTER DATABASE \"{lab.Database}\" RENAME TO \"{good}\"");
        try
        {
            foreach (var (kind, change) in Changes)
            {
                await lab.TargetAsync("postgres", $"CREATE DATABASE \"{lab.Database}\" TEMPLATE \"{good}\"");
                await lab.ToolAsync(lab.Target, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", lab.Database, "-c", change);

                var differences = await lab.DifferencesAsync();

                Assert.True(differences.Count == 1 && differences[0].Kind == kind, $"{change}: {string.Join("; ", differences.Select(one => one.Kind + " " + one.Name + " " + one.Detail))}");
                await lab.TargetAsync("postgres", $"DROP DATABASE \"{lab.Database}\" WITH (FORCE)");
            }
        }
        finally
        {
            await lab.TargetAsync("postgres", $"DROP DATABASE \"{good}\" WITH (FORCE)");
        }
    }

    [Fact]
    public async Task Owners_and_grants_are_carried_where_they_are_asked_for()
    {
        await using var lab = await CopyLab.StartMuseumAsync();
        var role = "r" + lab.Prefix.TrimEnd('_');
        await lab.SourceAsync("postgres", $"CREATE ROLE {role}");
        try
        {
            await lab.SourceAsync($"ALTER TABLE public.parents OWNER TO {role}; GRANT SELECT, UPDATE ON public.children TO {role} WITH GRANT OPTION; GRANT SELECT (a) ON public.no_key TO PUBLIC; REVOKE EXECUTE ON FUNCTION public.twice(integer) FROM PUBLIC; GRANT USAGE ON SCHEMA \"app.core\" TO {role}");
            var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(new() { IncludeOwner = true }));
            Assert.Equal("TargetLacksWhatIsNeeded", error.ErrorId);
            Assert.Equal("role " + role, Assert.Single(error.Evidence));

            await lab.TargetAsync("postgres", $"CREATE ROLE {role}");
            await lab.CopyAsync(new() { IncludeOwner = true });

            Assert.Equal(await lab.DumpAsync(lab.Source), await lab.DumpAsync(lab.Target));
        }
        finally
        {
            await lab.SourceAsync("postgres", $"DROP DATABASE \"{lab.Database}\" WITH (FORCE)");
            await lab.TargetAsync("postgres", $"DROP DATABASE IF EXISTS \"{lab.Database}\" WITH (FORCE)");
            await lab.SourceAsync("postgres", $"DROP ROLE {role}");
            await lab.TargetAsync("postgres", $"DROP ROLE IF EXISTS {role}");
        }
    }
}
