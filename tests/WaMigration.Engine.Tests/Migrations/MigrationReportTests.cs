using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using WaMigration.Migrations;
using WaMigration.Migrations.Reports;

namespace WaMigration.Engine.Tests.Migrations;

/// <summary>What the report says of a migration of Option 2 whose whole journal is known.</summary>
public sealed class MigrationReportTests
{
    private const string Person = "<script>alert(1)</script> & Co | `x`";

    [Fact]
    public void It_tells_what_moved_before_the_downtime_and_what_within_it()
    {
        var report = Report();

        Assert.Equal(
            [
                ["before the downtime", "2", "1,234,567,890", "00:01:01.5"],
                ["within the downtime", "1", "4,321", "00:00:02.0"],
            ],
            Rows(report, "What of the databases moved, and when", 1));
        Assert.Equal(
            [
                ["before the downtime", "2024-05-01 12:00:00 +00:00", "db1:5432/old_*", "new", "2", "30", "1,234,567,000", "00:01:00.0"],
                ["before the downtime", "2024-05-01 12:01:10 +00:00", "db1:5432/old_*", "new", "cut; the next one went on", "-", "-", "-"],
                ["before the downtime", "2024-05-01 12:01:20 +00:00", "db1:5432/old_*", "new", "2", "30", "890", "00:00:01.5"],
                ["within the downtime", "2024-05-01 12:02:10 +00:00", "db1:5432/old_*", "new", "2", "31", "4,321", "00:00:02.0"],
            ],
            Rows(report, "What of the databases moved, and when", 2));
        Assert.Equal(
            [["messageStore public.messages", "cc", "changed, brought up to date"], ["messageStore public.threads", "bb", "unchanged"]],
            Rows(report, "Digests of the copied tables"));
    }

    [Fact]
    public void It_tells_what_of_the_media_moved_and_when() => Assert.Equal(
        [
            ["before the downtime", "2024-05-01 12:01:40 +00:00", "media on h1", "media on h2", "500", "500", "9,000,000", "2", "00:00:01.0"],
            ["within the downtime", "2024-05-01 12:02:12 +00:00", "media on h1", "media on h2", "502", "2", "40,000", "0", "00:00:01.0"],
        ],
        Rows(Report(), "Media"));

    [Fact]
    public void Whatever_it_may_have_to_name_has_its_text()
    {
        var names = Enum.GetNames<WaMigrationState>().Select(name => "State" + name)
            .Concat(Enum.GetNames<WaMigrationSide>().Select(name => "Side" + name))
            .Concat(Enum.GetNames<WaServedBy>().Select(name => "Served" + name))
            .Concat(Enum.GetNames<WaStepState>().Select(name => "Step" + name))
            .Concat(ReportEvents.Told.Keys.Select(kind => "Event_" + kind));

        Assert.All(names, name => Assert.NotEmpty(ReportText.Catalog[name]));
    }

    [Fact]
    public void It_tells_both_downtimes_with_their_ends_and_the_first_message()
    {
        var report = Report();

        Assert.Equal(
            [
                ["Outbound", "2024-05-01 12:02:00 +00:00", "2024-05-01 12:02:30 +00:00", "00:00:30.0"],
                ["Inbound", "2024-05-01 12:01:50 +00:00", "2024-05-01 12:02:50 +00:00", "00:01:00.0"],
            ],
            Rows(report, "Downtimes", 1));
        Assert.Equal([["First message delivered", "2024-05-01 12:02:40 +00:00"]], Rows(report, "Downtimes", 2));
    }

    [Fact]
    public void It_tells_steps_checks_persons_removed_rows_old_databases_and_health()
    {
        var report = Report();

        Assert.Equal(["2", "Uninstall the current setup", "Done", "2024-05-01 12:01:55 +00:00", "2024-05-01 12:02:08 +00:00", "00:00:13.0", "2", "-"], Rows(report, "Steps")[2]);
        Assert.Equal("asked by the manager", Rows(report, "Steps")[8][7]);
        Assert.Equal([["2024-05-01 12:00:05 +00:00", "CutOver", "PendingWork=Warning, Media=Unknown"]], Rows(report, "Checks that were not passed"));
        Assert.Equal([["2024-05-01 12:02:05 +00:00", Person, "says that the client is stopped", "old"]], Rows(report, "What persons stated"));
        Assert.Equal(
            ["node host1:6250, container abc", "shards 0 to 31 on host1:6250", "primary host host1:6250"],
            Rows(report, "Rows of the old hosts").Select(row => row[3]));
        Assert.Equal([["old_messageStore", "kept"], ["old_waweb", "dropped 2024-05-16 12:00:00 +00:00"]], Rows(report, "Old databases"));
        Assert.Equal([["2024-05-02", "new", "2", "1", "Unhealthy"], ["2024-05-03", "new", "1", "1", "-"]], Rows(report, "How the client was seen since"));
        Assert.Contains(Rows(report, "Setups"), row => row is ["Version of the client", "2.53.1", "2.55.1"]);
        Assert.Contains(Rows(report, "Setups"), row => row is ["Topology", "Masters 1, Coreapps 2, Webapps 1, shards 32", "-"]);
    }

    [Fact]
    public void No_value_is_markup_and_no_address_shows_its_secret()
    {
        var report = MigrationReport.Of(Story().At(3000));
        var html = HtmlReport.Write(report);
        var markdown = MarkdownReport.Write(report);

        Assert.Contains(Page(html).Descendants("td"), cell => cell.Value == Person);
        Assert.Empty(Page(html).Descendants("script"));
        Assert.Contains(@"| \<script\>alert(1)\</script\> \& Co \| \`x\` |", markdown, StringComparison.Ordinal);
        foreach (var text in new[] { html, markdown })
        {
            Assert.Contains("hook.example/x?***", text, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_culture_changes_no_time_and_no_number()
    {
        var before = HtmlReport.Write(MigrationReport.Of(Story().At(3000)));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-SA");
            Assert.Equal(before, HtmlReport.Write(MigrationReport.Of(Story().At(3000))));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void An_undo_is_told_with_its_steps_and_what_it_carried_back()
    {
        var undone = Story()
            .With(record => record with
            {
                State = WaMigrationState.Undone,
                Undo = new()
                {
                    StartedAt = JournalStory.Noon.AddDays(20),
                    FinishedAt = JournalStory.Noon.AddDays(20).AddMinutes(5),
                    NeedsClient = true,
                    CarriesBack = true,
                    Steps = [.. Enumerable.Range(1, 6).Select(number => new StepRecord { Number = number, Name = $"Step {number} of the undo", State = WaStepState.Done, Attempts = 1 })],
                },
            })
            .Old(JournalKinds.DatabasesCopying, 20 * 86400 + 10, ("from", "db2:5432/new_*"), ("live", "false"))
            .Old(JournalKinds.DatabasesCopied, 20 * 86400 + 12, ("from", "db2:5432/new_*"), ("live", "false"), ("tables", "2"), ("rows", "40"), ("bytesMoved", "77"), ("seconds", "1.000"), ("digests", "x y"));

        var report = Page(HtmlReport.Write(MigrationReport.Of(undone.At(21 * 86400))));

        Assert.Equal(["What came to the new client", "was carried back into the old databases, which were exported first"], Rows(report, "Undo")[2]);
        Assert.Equal(["Step 2 of the undo", "Step 6 of the undo"], Rows(report, "Undo", 2).Select(row => row[1]));
        Assert.Equal(["on the way back", "1", "77", "00:00:01.0"], Rows(report, "What of the databases moved, and when", 1)[2]);
        Assert.Contains("undone at 2024-05-21 12:05:00 +00:00", report.Root!.Value, StringComparison.Ordinal);
    }

    private static XDocument Report() => Page(HtmlReport.Write(MigrationReport.Of(Story().At(3000))));

    /// <summary>Read as XML, which fails on whatever is not encoded.</summary>
    private static XDocument Page(string html) => XDocument.Parse(html.Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));

    /// <summary>The cells of a table under a heading.</summary>
    private static IReadOnlyList<IReadOnlyList<string>> Rows(XDocument page, string heading, int table = 1)
    {
        var head = page.Descendants("h2").Single(element => element.Value == heading);
        var tables = head.ElementsAfterSelf().TakeWhile(element => element.Name != "h2").Where(element => element.Name == "table").ToList();
        return [.. tables[table - 1].Elements("tr").Skip(1).Select(row => (IReadOnlyList<string>)[.. row.Elements("td").Select(cell => cell.Value)])];
    }

    private static JournalStory Story() => new JournalStory()
        .With(record => record with
        {
            Option = 2,
            State = WaMigrationState.AwaitingRetention,
            CreatedAt = JournalStory.Noon,
            CompletedAt = JournalStory.Noon.AddMinutes(4),
            DatabasesMayGoAfter = JournalStory.Noon.AddDays(14),
            SourceFacts = new SourceFacts
            {
                WebhookUri = "https://user:hunter2@hook.example/x?token=s3cret",
                Databases = ["old_messageStore"],
                Topology = new TopologyRecord { Masters = 1, Coreapps = 2, Webapps = 1, Shards = 32, ClientVersion = "2.53.1" },
            },
            Steps =
            [
                .. GuideSteps.For(2).Select(step => step.Number switch
                {
                    2 => step with { State = WaStepState.Done, StartedAt = JournalStory.Noon.AddSeconds(115), EndedAt = JournalStory.Noon.AddSeconds(128), Attempts = 2 },
                    8 => step with { State = WaStepState.Skipped, Reason = "asked by the manager" },
                    _ => step with { State = WaStepState.Done },
                }),
            ],
        })
        .New(JournalKinds.DatabasesCopying, 0, ("from", "db1:5432/old_*"), ("live", "true"))
        .OfNone(MigrationEvents.ChecksMade, 5, ("phase", "CutOver"), ("notPassed", "PendingWork=Warning, Media=Unknown"))
        .New(JournalKinds.DatabasesCopied, 60, Copied("true", "30", "1234567000", "60.000", "messageStore public.messages 00; messageStore public.threads 01"))
        .New(JournalKinds.DatabasesCopying, 70, ("from", "db1:5432/old_*"), ("live", "true"))
        .New(JournalKinds.DatabasesCopying, 80, ("from", "db1:5432/old_*"), ("live", "true"))
        .New(JournalKinds.DatabasesCopied, 82, Copied("true", "30", "890", "1.500", "messageStore public.messages aa; messageStore public.threads bb"))
        .New(JournalKinds.MediaCopied, 100, Media("500", "500", "9000000", "2"))
        .Old(JournalKinds.WebhookClearing, 109)
        .Old(JournalKinds.WebhookCleared, 110)
        .Old(JournalKinds.WebappStopping, 120)
        .Old(JournalKinds.SourceStoppedStated, 125, ("person", Person))
        .New(JournalKinds.DatabasesCopying, 130, ("from", "db1:5432/old_*"), ("live", "false"))
        .New(JournalKinds.DatabasesCopied, 132, Copied("false", "31", "4321", "2.000", "messageStore public.messages cc; messageStore public.threads bb"))
        .New(JournalKinds.MediaCopied, 132.5, Media("502", "2", "40000", "0"))
        .New(JournalKinds.ClusterCleaned, 133, ("database", "new_clusterStore"), ("rows", JsonSerializer.Serialize(new WaClusterCleanup
        {
            Server = "db2",
            Database = "new_clusterStore",
            Nodes = [new("host1", 6250, "abc")],
            Shards = [new(0, 31, 1, "host1", 6250)],
            Primary = new("host1", 6250),
        })))
        .New(JournalKinds.Installing, 135, ("version", "2.55.1"), ("nodes", "new_wacore_1, new_waweb_1"))
        .New(JournalKinds.Healthy, 150)
        .New(JournalKinds.TestMessageDelivered, 160)
        .New(JournalKinds.WebhookSet, 165)
        .New(JournalKinds.Healthy, 170)
        .New(MigrationEvents.HealthObserved, 86400, ("status", "Unhealthy"))
        .New(MigrationEvents.HealthObserved, 86500, ("status", "Healthy"))
        .New(MigrationEvents.HealthObserved, 2 * 86400, ("status", "Healthy"))
        .Old(MigrationEvents.DatabaseDropped, 15 * 86400, ("database", "old_waweb"), ("server", "db1"));

    private static (string Name, string Value)[] Media(string files, string moved, string bytes, string unsettled) =>
        [("from", "media on h1"), ("to", "media on h2"), ("files", files), ("moved", moved), ("bytesMoved", bytes), ("unsettled", unsettled), ("seconds", "1.000")];

    private static (string Name, string Value)[] Copied(string live, string rows, string bytes, string seconds, string digests) =>
        [("from", "db1:5432/old_*"), ("live", live), ("tables", "2"), ("rows", rows), ("bytesMoved", bytes), ("seconds", seconds), ("digests", digests)];
}
