using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>A copy that is there is brought up to date: only rows that differ are moved.</summary>
public sealed class CatchUpTests
{
    [Fact]
    public async Task Rows_that_differ_are_replaced_whatever_their_key_is()
    {
        await using var lab = await CopyLab.StartMuseumAsync();
        await lab.CopyAsync();
        await lab.TargetAsync(
            """
            DELETE FROM negative_key WHERE k BETWEEN 5 AND 50;
            UPDATE negative_key SET v = 'tmp' WHERE k = 100; UPDATE negative_key SET v = 'v100' WHERE k = 101; UPDATE negative_key SET v = 'v101' WHERE k = 100;
            INSERT INTO negative_key VALUES (5000, 'q'), (-90000, 'w');
            DELETE FROM no_key WHERE ctid = '(0,3)';
            UPDATE composite_key SET v = 'z' WHERE b = -77;
            UPDATE text_key SET v = v + 1 WHERE v < 10;
            INSERT INTO no_columns DEFAULT VALUES;
            UPDATE "Größe 日本"."Tabelle ""x"".y" SET "a.b" = '1';
            INSERT INTO children VALUES (900, 1, NULL, 'x');
            DELETE FROM parents WHERE id = 2;
            SELECT lo_put(70002, 100000, 'x'), setval('free_sequence', 5);
            """);

        var tables = await lab.CopyAsync(new CopyOptions { Update = true });

        Assert.Contains(tables, table => table.State == WaTableState.Unchanged);
        Assert.InRange(tables.Single(table => table.Table == "public.negative_key").Bytes, 1, 20_000);
        Assert.Empty(await lab.DifferencesAsync());
        Assert.False(await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regnamespace('_wamigration') IS NOT NULL"));
    }

    [Fact]
    public async Task An_archive_loads_only_the_tables_that_differ()
    {
        await using var lab = await CopyLab.StartAsync("CREATE TABLE a (id int PRIMARY KEY, v text)", "INSERT INTO a SELECT n, 'v' FROM generate_series(1, 500) n", "CREATE TABLE b AS SELECT * FROM a");
        await lab.ExportAsync("archive");
        await lab.ImportAsync("archive");
        await lab.TargetAsync("UPDATE a SET v = 'x' WHERE id = 7");

        var tables = await lab.ImportAsync("archive", options: new CopyOptions { Update = true });

        Assert.Equal(["public.a Updated", "public.b Unchanged"], tables.Select(table => $"{table.Table} {table.State}").Order());
        Assert.Empty(await lab.DifferencesAsync());
    }

    [Fact]
    public async Task A_role_that_may_not_silence_triggers_brings_it_up_to_date_and_they_come_back()
    {
        await using var lab = await CopyLab.StartAsync(
            "CREATE TABLE parents (id int PRIMARY KEY, v text)",
            "CREATE TABLE children (id int PRIMARY KEY, parent int)",
            "ALTER TABLE children ADD CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents ON DELETE CASCADE",
            "COMMENT ON CONSTRAINT of_parent ON children IS 'kept'",
            "CREATE TABLE log (what text)",
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$",
            "CREATE TRIGGER noted AFTER INSERT OR DELETE ON parents FOR EACH ROW EXECUTE FUNCTION note()",
            "ALTER TABLE parents ENABLE ALWAYS TRIGGER noted",
            "CREATE TRIGGER off AFTER INSERT ON children FOR EACH ROW EXECUTE FUNCTION note()",
            "ALTER TABLE children DISABLE TRIGGER off",
            "CREATE RULE stays AS ON DELETE TO children DO INSTEAD NOTHING",
            "INSERT INTO parents SELECT n, 'v' FROM generate_series(1, 300) n",
            "INSERT INTO children SELECT n, n FROM generate_series(1, 300) n");
        await using var role = await lab.OrdinaryRoleAsync();
        await lab.CopyAsAsync(role.Server);
        await lab.SourceAsync("ALTER TABLE children DISABLE RULE stays; DELETE FROM children WHERE id = 9; DELETE FROM parents WHERE id IN (9, 10); ALTER TABLE children ENABLE RULE stays; UPDATE parents SET v = 'w' WHERE id < 50");

        await lab.CopyAsAsync(role.Server, new CopyOptions { Update = true });

        Assert.Empty(await lab.DifferencesAsync());
        Assert.False(await lab.AskTargetAsync<bool>(lab.Database, "SELECT to_regnamespace('_wamigration') IS NOT NULL"));
        Assert.Equal("A", await lab.AskTargetAsync<string>(lab.Database, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'noted'"));
        Assert.Equal("D", await lab.AskTargetAsync<string>(lab.Database, "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'off'"));
        Assert.Equal("kept", await lab.AskTargetAsync<string>(lab.Database, "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'of_parent'"));
    }

    [Fact]
    public async Task A_target_whose_objects_differ_is_not_brought_up_to_date()
    {
        await using var lab = await CopyLab.StartAsync("CREATE TABLE a (id int PRIMARY KEY, v text)");
        await lab.CopyAsync();
        await lab.TargetAsync("ALTER TABLE a ADD COLUMN more int");

        var error = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(new CopyOptions { Update = true }));

        Assert.Equal("TargetObjectsDiffer", error.ErrorId);
    }
}
