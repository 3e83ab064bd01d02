using WaLab.Servers;
using WaMigration.Databases.Copying;

namespace WaMigration.Engine.Tests.Databases;

/// <summary>Databases go by pg_dump and psql.</summary>
public sealed class UtilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tools_keep_the_museum_in_a_copy_and_in_an_archive()
    {
        await using var lab = await CopyLab.StartMuseumAsync();
        var options = await OptionsAsync(lab);

        // Cut off, nothing of it stays; the same command makes it whole.
        UtilityTools.Stand(options.UtilityFolder!, "pg_dump", "\"$real\" \"$@\" | head -c 30000; echo \"cut off with $PGPASSWORD\" >&2; exit 3");
        var cut = await Assert.ThrowsAsync<WaException>(() => lab.CopyAsync(options));
        Assert.Equal(("UtilityFailed", "cut off with ***"), (cut.ErrorId, cut.Evidence[^1]));
        Assert.Equal(0L, await lab.AskTargetAsync<long>(lab.Database, "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'"));
        var seen = lab.Folder.File("seen");
        UtilityTools.Stand(options.UtilityFolder!, "pg_dump", $"echo \"$@\" >> '{seen}'; exec \"$real\" \"$@\"");
        Assert.All(await lab.CopyAsync(options), table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.DoesNotContain(lab.Source.Password, await File.ReadAllTextAsync(seen, Cancellation), StringComparison.Ordinal);
        Assert.Empty(await lab.DifferencesAsync());

        await lab.TargetAsync("postgres", $"DROP DATABASE \"{lab.Database}\"");
        await lab.ExportAsync("archive", null, options);
        Assert.All(await lab.ImportAsync("archive", null, new CopyOptions { UtilityFolder = options.UtilityFolder }), table => Assert.Equal(WaTableState.Verified, table.State));
        Assert.Empty(await lab.DifferencesAsync());
    }

    private static async Task<CopyOptions> OptionsAsync(CopyLab lab)
    {
        var binaries = await PostgresBinaries.EnsureAsync(_ => { }, Cancellation);
        var tools = Directory.CreateDirectory(lab.Folder.File("tools")).FullName;
        foreach (var name in new[] { "pg_dump", "psql" })
        {
            UtilityTools.Script(Path.Combine(tools, name), $"exec '{Path.Combine(binaries.Folder, name)}' \"$@\"");
        }

        return new CopyOptions { Method = WaCopyMethod.Utility, UtilityFolder = tools };
    }
}
