using System.Reflection;
using WaMigration.Commands;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Module;

/// <summary>What the resolver of the .NET Framework leg answers; the event itself cannot be raised here.</summary>
public sealed class ResolveDecisionTests
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "WaMigration", "net472");

    private static readonly ResolveDecision Decision = new(Folder, new Dictionary<string, Version>
    {
        ["Newtonsoft.Json"] = new(13, 0, 0, 0),
        ["System.Memory"] = new(4, 0, 5, 0),
        ["ja/WaMigration.Engine.resources"] = new(0, 1, 0, 0),
    });

    [Theory]
    [InlineData("9.0.0.0")]
    [InlineData("13.0.0.0")]
    [InlineData("14.0.0.0")]
    public void One_of_ours_gets_the_shipped_version_whatever_it_was_built_against(string version) =>
        Assert.Equal(
            Path.Combine(Folder, "Newtonsoft.Json.dll"),
            Decision.FileFor(Name("Newtonsoft.Json", version), Path.Combine(Folder, "Docker.DotNet.dll")));

    [Theory]
    [InlineData("/somewhere/else/Az.Accounts.dll")]
    [InlineData("/somewhere/net472/WaMigration.dll")]
    public void A_request_of_another_module_is_left_to_it(string requester) =>
        Assert.Null(Decision.FileFor(Name("Newtonsoft.Json", "13.0.0.0"), requester));

    [Fact]
    public void A_folder_that_only_begins_like_ours_is_not_ours() =>
        Assert.Null(Decision.FileFor(Name("Newtonsoft.Json", "13.0.0.0"), Path.Combine(Folder + "-other", "Some.dll")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_request_of_nobody_is_answered_when_ours_is_new_enough(string? requester)
    {
        Assert.Equal(Path.Combine(Folder, "System.Memory.dll"), Decision.FileFor(Name("System.Memory", "4.0.1.1"), requester));
        Assert.Null(Decision.FileFor(Name("System.Memory", "4.0.6.0"), requester));
    }

    [Fact]
    public void A_name_that_is_not_shipped_is_nobodys_business_here() =>
        Assert.Null(Decision.FileFor(Name("Azure.Core", "1.0.0.0"), Path.Combine(Folder, "WaMigration.Engine.dll")));

    [Fact]
    public void Texts_in_another_language_are_found_in_the_folder_of_their_culture()
    {
        var japanese = new AssemblyName("WaMigration.Engine.resources, Version=0.1.0.0, Culture=ja");
        var german = new AssemblyName("WaMigration.Engine.resources, Version=0.1.0.0, Culture=de");
        var ours = Path.Combine(Folder, "WaMigration.Engine.dll");

        Assert.Equal(Path.Combine(Folder, "ja", "WaMigration.Engine.resources.dll"), Decision.FileFor(japanese, ours));
        Assert.Null(Decision.FileFor(german, ours));
    }

    [Fact]
    public void Every_reference_inside_the_built_leg_is_answered_with_a_file_of_the_leg()
    {
        var leg = Path.Combine(ModuleUnderTest.Folder, "net472");
        var decision = ResolveDecision.ForFolder(leg);
        var shipped = Directory.EnumerateFiles(leg, "*.dll").Select(Path.GetFileNameWithoutExtension).ToHashSet();

        foreach (var file in Directory.EnumerateFiles(leg, "*.dll"))
        {
            foreach (var reference in MetadataFacts.References(file).Where(r => shipped.Contains(r.Name)))
            {
                Assert.Equal(Path.Combine(leg, reference.Name + ".dll"), decision.FileFor(reference, file));
            }
        }
    }

    private static AssemblyName Name(string name, string version) => new($"{name}, Version={version}");
}
