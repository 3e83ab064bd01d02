using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Xml.Linq;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>How the module's objects look when nobody asks for anything else.</summary>
public sealed class FormatTests
{
    private const int Screen = 80;

    /// <summary>What views may call: all that an engine without its modules has.</summary>
    private static readonly string[] CoreCommands = ["ForEach-Object", "Where-Object"];

    private static readonly string[] TwoReasons = ["two Masters are connected", "a Coreapp is not"];

    private static readonly XDocument Format = XDocument.Load(Path.Combine(ModuleUnderTest.Folder, "WaMigration.Format.ps1xml"));

    public static TheoryData<string> Views => [.. Format.Descendants("View").Select(view => view.Element("Name")!.Value)];

    [Theory]
    [MemberData(nameof(Views))]
    public void A_view_shows_properties_that_its_type_has(string name)
    {
        var view = View(name);
        var type = EngineType(view.Descendants("TypeName").Single().Value);
        Assert.NotNull(type);

        foreach (var property in view.Descendants("PropertyName").Select(element => element.Value))
        {
            Assert.True(type.GetProperty(property) is not null, $"{type} has no property {property}.");
        }

        foreach (var script in view.Descendants("ScriptBlock").Select(element => element.Value))
        {
            var tree = Parser.ParseInput(script, out _, out var errors);
            Assert.Empty(errors);
            Assert.All(tree.FindAll(node => node is CommandAst, true).Cast<CommandAst>(), c => Assert.Contains(c.GetCommandName(), CoreCommands));
            var first = tree.FindAll(node => node is MemberExpressionAst { Expression: VariableExpressionAst { VariablePath.UserPath: "_" } }, false).Cast<MemberExpressionAst>();
            Assert.All(first, member => Assert.True(type.GetProperty(member.Member.Extent.Text) is not null, $"{type} has no property {member.Member}."));
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void A_table_leaves_room_on_a_narrow_screen(string name)
    {
        var columns = View(name).Descendants("TableColumnHeader").ToList();
        var widths = columns.Select(c => (int?)c.Element("Width") ?? 10).ToList();

        Assert.True(widths.Sum() + columns.Count - 1 <= Screen, $"{widths.Sum() + columns.Count - 1} columns");
    }

    [Fact]
    public void Every_type_that_a_cmdlet_says_it_writes_has_a_view()
    {
        using var session = new PowerShellSession();
        var outputs = session.Run("(Get-Module WaMigration).ExportedCmdlets.Values | ForEach-Object { $_.OutputType.Type } | Where-Object { $_ }").MustSucceed()
            .Output.Select(o => (Type)o.BaseObject)
            .Where(type => type.Assembly.GetName().Name == "WaMigration.Engine" && !type.IsEnum)
            .Select(type => type.FullName!)
            .ToHashSet();

        Assert.Subset(Format.Descendants("TypeName").Select(element => element.Value).ToHashSet(), outputs);
    }

    [Fact]
    public void Default_properties_are_properties_that_the_type_has()
    {
        var types = XDocument.Load(Path.Combine(ModuleUnderTest.Folder, "WaMigration.Types.ps1xml"));

        foreach (var entry in types.Descendants("Type"))
        {
            var type = EngineType(entry.Element("Name")!.Value);
            Assert.NotNull(type);
            Assert.All(
                entry.Descendants("ReferencedProperties").Elements("Name").Concat(entry.Descendants("Value")),
                name => Assert.True(type.GetProperty(name.Value) is not null, $"{type} has no property {name.Value}."));
        }
    }

    [Fact]
    public void A_check_shows_its_remedy_below_its_detail() =>
        AssertShows(
            "WaCheck",
            new() { ["Phase"] = "Ready", ["Name"] = "Shards", ["Status"] = "Failed", ["Detail"] = "2 and 4", ["Remedy"] = "Set them equal." },
            "Phase: Ready",
            "Shards",
            "2 and 4",
            "Set them equal.");

    [Fact]
    public void A_step_shows_its_number_name_state_and_duration() =>
        AssertShows(
            "WaMigrationStep",
            new() { ["Number"] = 4, ["Name"] = "Back up settings", ["State"] = "Done", ["Duration"] = TimeSpan.FromSeconds(61.25) },
            "     4 Back up settings",
            "Done",
            "00:01:01.2");

    [Fact]
    public void Health_shows_every_reason_and_node() =>
        AssertShows(
            "WaHealth",
            new()
            {
                ["Setup"] = "old",
                ["Status"] = "Unhealthy",
                ["IsRegistered"] = true,
                ["Reasons"] = TwoReasons,
                ["Nodes"] = new[] { new { Name = "a:1", Role = "coreapp", Status = "connected", Detail = string.Empty } },
                ["Time"] = DateTimeOffset.UnixEpoch,
            },
            "two Masters are connected",
            "a Coreapp is not",
            "a:1  coreapp  connected");

    private static void AssertShows(string type, Dictionary<string, object?> properties, params string[] expected)
    {
        using var session = new PowerShellSession();
        var sample = new PSObject();
        sample.TypeNames.Insert(0, "WaMigration." + type);
        foreach (var (name, value) in properties)
        {
            sample.Properties.Add(new PSNoteProperty(name, value));
        }

        var shown = session.Run("param($o) $o | Out-Host", ("o", sample)).MustSucceed().HostLines;

        var text = string.Join('\n', shown);
        Assert.All(expected, part => Assert.True(text.Contains(part, StringComparison.Ordinal), string.Create(CultureInfo.InvariantCulture, $"'{part}' is not in:\n{text}")));
    }

    private static XElement View(string name) => Format.Descendants("View").Single(view => view.Element("Name")!.Value == name);

    private static Type? EngineType(string name)
    {
        using var session = Fixtures.Session();
        return ((Assembly)session.Run("Get-TestEngine").Single().BaseObject).GetType(name);
    }
}
