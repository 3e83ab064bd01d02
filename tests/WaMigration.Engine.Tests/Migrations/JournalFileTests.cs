using System.Text;
using WaMigration.Migrations;

namespace WaMigration.Engine.Tests.Migrations;

public sealed class JournalFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingConsole console = new();

    private string Journal => folder.File("events.jsonl");

    [Fact]
    public void Events_are_read_back_in_order_with_setup_values_and_time()
    {
        using (var journal = JournalFile.Open(Journal, console.Operation()))
        {
            journal.Write("a", "old", ("x", "1"));
            journal.Write("b", "new");
            journal.Write("a", "old", ("x", "2"));
        }

        using var again = JournalFile.Open(Journal, console.Operation());
        Assert.Equal(["a", "b", "a"], again.Events.Select(entry => entry.Kind));
        Assert.Equal("2", again.Last("a", "old")?.Values["x"]);
        Assert.Null(again.Last("a", "new"));
        Assert.Equal(DateTimeOffset.UtcNow, again.Events[0].At, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_journal_cut_at_any_byte_opens_with_the_whole_events_before_the_cut_and_takes_further_ones()
    {
        using (var journal = JournalFile.Open(Journal, console.Operation()))
        {
            journal.Write("first", "old", ("value", "with \"quotes\" and {braces}"));
            journal.Write("second", "old", ("value", "y"));
        }

        var whole = File.ReadAllBytes(Journal);
        var firstEnd = Array.IndexOf(whole, (byte)'\n');
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);
            string[] expected = length >= whole.Length - 1 ? ["first", "second", "third"] : length >= firstEnd ? ["first", "third"] : ["third"];
            using (var journal = JournalFile.Open(Journal, console.Operation()))
            {
                journal.Write("third", "old");
                Assert.Equal(expected, journal.Events.Select(entry => entry.Kind));
            }

            using var again = JournalFile.Open(Journal, console.Operation());
            Assert.Equal(expected, again.Events.Select(entry => entry.Kind));
        }
    }

    [Fact]
    public void A_cut_line_is_named_to_those_who_want_detail()
    {
        File.WriteAllText(Journal, "{\"at\":\"2024-");

        using var journal = JournalFile.Open(Journal, console.Operation());

        Assert.Empty(journal.Events);
        Assert.Contains(console.Lines, line => line.StartsWith("verbose: ", StringComparison.Ordinal) && line.Contains(Journal, StringComparison.Ordinal));
        Assert.Equal(0, new FileInfo(Journal).Length);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("")]
    public void A_broken_line_before_the_last_is_an_error_and_the_file_stays_as_it_is(string broken)
    {
        using (var journal = JournalFile.Open(Journal, console.Operation()))
        {
            journal.Write("first", "old");
        }

        File.AppendAllText(Journal, broken + "\n");
        File.AppendAllText(Journal, File.ReadLines(Journal).First() + "\n");
        var before = File.ReadAllBytes(Journal);

        var error = Assert.Throws<WaException>(() => JournalFile.Open(Journal, console.Operation()));

        Assert.Equal("MigrationJournalDamaged", error.ErrorId);
        Assert.Contains("2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Journal));
    }

    [Fact]
    public void A_reader_sees_the_events_while_the_writer_has_the_file_open()
    {
        using var writer = JournalFile.Open(Journal, console.Operation());
        writer.Write("first", "old");

        using var reader = JournalFile.ReadOnly(Journal, console.Operation());

        Assert.Single(reader.Events);
        Assert.False(reader.IsKept);
        Assert.True(writer.IsKept);
    }

    [Fact]
    public void What_is_written_to_a_journal_that_is_only_read_is_not_kept()
    {
        File.WriteAllText(Journal, string.Empty);
        using var reader = JournalFile.ReadOnly(Journal, console.Operation());

        reader.Write("first", "old");

        Assert.Empty(reader.Events);
        Assert.Equal(0, new FileInfo(Journal).Length);
    }

    [Fact]
    public async Task Writers_on_many_threads_make_whole_lines()
    {
        using (var journal = JournalFile.Open(Journal, console.Operation()))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
            {
                for (var at = 0; at < 10; at++)
                {
                    journal.Write("k" + thread, "old", ("text", new string('x', 200)));
                }
            })));
        }

        using var again = JournalFile.Open(Journal, console.Operation());
        Assert.Equal(80, again.Events.Count);
    }

    [Fact]
    public void The_journal_is_for_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes are not on Windows.");
        using var journal = JournalFile.Open(Journal, console.Operation());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Unix.Mode(Journal));
    }

    [Fact]
    public void Each_line_is_one_json_object()
    {
        using (var journal = JournalFile.Open(Journal, console.Operation()))
        {
            journal.Write("first", "old", ("text", "two\nlines"));
        }

        var text = File.ReadAllText(Journal, Encoding.UTF8);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Single(text.TrimEnd('\n').Split('\n'));
    }

    public void Dispose() => folder.Dispose();
}
