using System.Collections;
using System.Text;
using WaLab;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;
using WaMigration.Tests.Setup;

namespace WaMigration.Tests.Media;

/// <summary>A client that is carried with its databases and its media, by the cmdlets that do it, one after the other.</summary>
internal static class CarriedClient
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Media that the old client had are there by their ids, and no node of the old one is seen in the health of the new.</summary>
    internal static async Task RunAsync(LabOptions options, bool showsGhosts)
    {
        await using var lab = await SetupLab.StartAsync(options);
        var (old, fresh) = (lab.Lab.Old, lab.Lab.New);
        var nodes = options.Topology.Masters + options.Topology.Coreapps;
        var sent = Encoding.UTF8.GetBytes("a picture");
        var id = await old.Api.UploadMediaAsync(sent, "image/jpeg", Stop);
        await lab.Lab.Service.SendInboundMediaAsync(lab.Lab.Number, WaLab.Lab.TestContact, "image", "image/png", [1, 2, 3], Stop);
        var call = await lab.Lab.Webhook.WaitForAsync(one => (string?)one.Body["messages"]?[0]?["type"] == "image", TimeSpan.FromSeconds(60), Stop);
        var received = (string)call.Body["messages"]![0]!["image"]!["id"]!;
        fresh.Password = old.Password;
        lab.Shell.Set("new", Describe(lab).Single());
        lab.Run("$null = Install-WaClient $new -Like $old -NoStart").MustSucceed();

        // While it serves, and once more when it does not: only what came meanwhile goes over then.
        Assert.True((int)lab.Run("Copy-WaMedia $old $new -AllowActiveClient").Property("Moved")! >= 2);
        var late = await old.Api.UploadMediaAsync([9, 9], "image/jpeg", Stop);
        lab.Run("$null = Stop-WaClient $old").MustSucceed();
        Assert.Equal(1, lab.Run("Copy-WaMedia $old $new").Property("Moved"));
        lab.Run("$null = Copy-WaDatabase $old $new").MustSucceed();

        // A Master may have taken a node off the list that stopped before it did.
        var listed = int.Parse((await lab.Lab.DigestAsync(fresh, "clusterStore", Stop))["nodes"].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(listed, 1, nodes);
        var planned = lab.Run("Clear-WaClusterNode $new -WhatIf").MustSucceed();
        Assert.Single(planned.WhatIfLines);
        lab.Shell.Set("cleaned", lab.Run("Clear-WaClusterNode $new").Single());
        Assert.Equal(listed, ((ICollection)lab.Run("$cleaned").Property("Nodes")!).Count);
        Assert.NotNull(lab.Run("$cleaned").Property("Primary"));
        Assert.Empty((ICollection)lab.Run("Clear-WaClusterNode $new").Property("Nodes")!);

        // Whatever else differs is still seen, and these rows only where they were removed.
        Assert.Equal(
            ["cluster_info", "nodes", "shard_map"],
            Differing(lab.Run("Compare-WaDatabase $old $new")).Select(name => name.Split('.')[^1]).Order(StringComparer.Ordinal));
        Assert.Empty(Differing(lab.Run("Compare-WaDatabase $old $new -Removed $cleaned")));

        if (showsGhosts)
        {
            await ShowGhostsAsync(lab, nodes);
        }

        lab.Run("$null = Start-WaClient $new -Source $old").MustSucceed();
        await ConnectAsync(lab);
        Assert.Equal("Healthy", lab.Run("Test-WaHealth $new -Wait -TimeoutSec 120").Property("Status")!.ToString());
        Assert.Equal(nodes, (await fresh.Api.GetHealthAsync(Stop))["health"]!.AsObject().Count);
        Assert.Equal(sent, await fresh.Api.DownloadMediaAsync(id, Stop));
        Assert.Equal([1, 2, 3], await fresh.Api.DownloadMediaAsync(received, Stop));
        Assert.Equal([9, 9], await fresh.Api.DownloadMediaAsync(late, Stop));
        var number = await lab.Lab.Service.GetNumberAsync(lab.Lab.Number, Stop);
        Assert.Equal(0, number.KeyErrors + number.CounterErrors + number.DuplicateMessages);
    }

    /// <summary>The same without the rows being removed: they are seen, and are removed while those of the new client's own nodes stay.</summary>
    private static async Task ShowGhostsAsync(SetupLab lab, int nodes)
    {
        var (old, fresh) = (lab.Lab.Old, lab.Lab.New);
        lab.Run($"$null = Copy-WaDatabase $old $new -Database {old.NamePrefix}clusterStore -Update").MustSucceed();
        lab.Run("$null = Start-WaClient $new -Source $old").MustSucceed();
        await ConnectAsync(lab);
        Assert.Equal(2 * nodes, (await fresh.Api.GetHealthAsync(Stop))["health"]!.AsObject().Count);
        Assert.True(lab.Run("Test-WaHealth $new").Property("Status")!.ToString() != "Healthy", "Nodes of the old client are no fault.");
        lab.Refuses("ClusterInUse,WaMigration.Commands.ClearWaClusterNodeCommand", "Clear-WaClusterNode $new");
        lab.Run("$null = Stop-WaClient $new").MustSucceed();
        Assert.Equal(nodes, ((ICollection)lab.Run("Clear-WaClusterNode $new").Property("Nodes")!).Count);
    }

    private static List<string> Differing(ScriptResult compared) => [.. compared.MustSucceed().Output
        .Where(one => !(bool)ScriptResult.Value(one, "IsEqual")!)
        .Select(one => (string)ScriptResult.Value(one, "Name")!)];

    /// <summary>The pin of the new client is known only once it has started.</summary>
    private static async Task ConnectAsync(SetupLab lab) => lab.Shell.Set("new", lab.Run(
        """
        param($s, $credential, $database, $pin)
        Connect-WaSetup -Name new -ApiUri $s.ApiUri -Credential $credential -DockerHost $s.DockerHosts -CertificateThumbprint $pin -DatabaseEngine PostgreSql `
            -DatabaseServer $s.DatabaseServer -DatabasePort $s.DatabasePort -DatabaseCredential $database -DatabaseSslMode Disable -NamePrefix $s.NamePrefix
        """,
        ("s", lab.Lab.New),
        ("credential", SetupLab.Credential(LabSetup.User, lab.Lab.Old.Password)),
        ("database", SetupLab.Credential(lab.Lab.New.DatabaseUser, lab.Lab.New.DatabasePassword)),
        ("pin", await lab.Lab.New.GetCertificateThumbprintAsync(Stop))).Single());

    private static ScriptResult Describe(SetupLab lab) => lab.Run(
        """
        param($s, $credential, $database)
        Connect-WaSetup -NotInstalled -Name new -ApiUri $s.ApiUri -Credential $credential -DockerHost $s.DockerHosts -DatabaseEngine PostgreSql `
            -DatabaseServer $s.DatabaseServer -DatabasePort $s.DatabasePort -DatabaseCredential $database -DatabaseSslMode Disable -NamePrefix $s.NamePrefix
        """,
        ("s", lab.Lab.New),
        ("credential", SetupLab.Credential(LabSetup.User, lab.Lab.Old.Password)),
        ("database", SetupLab.Credential(lab.Lab.New.DatabaseUser, lab.Lab.New.DatabasePassword)));
}
