using System.Management.Automation;
using System.Net;
using System.Security;
using WaLab;
using WaLab.Servers;
using WaLab.Setups;
using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Setup;

/// <summary>A lab, and PowerShell sessions in which <c>$old</c> and (where it is installed) <c>$new</c> are connected.</summary>
internal sealed class SetupLab : IAsyncDisposable
{
    internal const string BackupPassword = "Backup-Passw0rd";

    /// <summary>Tokens of logins, and what a running client does by itself.</summary>
    private const string ChangesByItself = @"waweb\.tokens$|callbackStore|messageStore|clusterStore|jobqueueStore";

    private SetupLab(Lab lab, PowerShellSession shell)
    {
        Lab = lab;
        Shell = shell;
    }

    internal Lab Lab { get; }

    internal PowerShellSession Shell { get; }

    internal string BackupPath => Path.Combine(Lab.Folder, "settings-backup");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>High availability with one shard is the smallest cluster.</summary>
    internal static Task<SetupLab> StartAsync(bool newInstalled = false) => StartAsync(new LabOptions
    {
        Topology = new LabTopology(1, 2, 1),
        NewInstalled = newInstalled,
    });

    internal static async Task<SetupLab> StartAsync(LabOptions options)
    {
        Lab started;
        try
        {
            started = await Lab.StartAsync(options, Stop);
        }
        catch (LabServerMissingException missing) when (!LabServerMissingException.IsFailure)
        {
            Assert.Skip(missing.Message);
            throw;
        }

        var lab = new SetupLab(started, new PowerShellSession());
        try
        {
            lab.Shell.Set("ErrorActionPreference", ActionPreference.Stop);
            lab.Shell.Set("ConfirmPreference", ConfirmImpact.None);
            lab.Shell.Set("lab", started);
            lab.Shell.Set("backupPassword", Secret(BackupPassword));
            lab.Shell.Set("backupPath", lab.BackupPath);
            if (options.OldInstalled)
            {
                lab.Shell.Set("old", (await lab.ConnectAsync(started.Old, started.Old.Password)).Single());
            }

            if (options.NewInstalled)
            {
                lab.Shell.Set("new", (await lab.ConnectAsync(started.New, "secret", started.New.NewPassword)).Single());
                started.New.Password = started.New.NewPassword;
            }

            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to a side with all that it has.</summary>
    internal async Task<ScriptResult> ConnectAsync(LabSetup side, string password, string? changeTo = null) => Run(
        """
        param($s, $credential, $pin, $changeTo)
        $more = @{}
        if ($changeTo) { $more.NewPassword = $changeTo }
        Connect-WaSetup -Name $s.Name -ApiUri $s.ApiUri -Credential $credential -DockerHost $s.DockerHost -CertificateThumbprint $pin @more
        """,
        ("s", side),
        ("credential", Credential(LabSetup.User, password)),
        ("pin", await side.GetCertificateThumbprintAsync(Stop)),
        ("changeTo", changeTo is null ? null : Secret(changeTo)));

    internal ScriptResult Run(string script, params (string Name, object? Value)[] parameters) => Shell.Run(script, parameters);

    /// <summary>The script fails with that id of that cmdlet, in a category, with a remedy.</summary>
    internal ErrorRecord Refuses(string id, string script, params (string Name, object? Value)[] parameters)
    {
        var error = Assert.Single(Run(script, parameters).Errors);
        Assert.Equal(id, error.FullyQualifiedErrorId);
        Assert.NotEqual(ErrorCategory.NotSpecified, error.CategoryInfo.Category);
        Assert.False(string.IsNullOrWhiteSpace(error.ErrorDetails?.RecommendedAction), "There is no remedy.");
        return error;
    }

    /// <summary>Containers, volumes, networks, images and all databases of both sides are afterwards what they were before.</summary>
    internal async Task ChangesNothingAsync(Action action)
    {
        var before = await Lab.SnapshotAsync(Stop);
        action();
        Assert.Empty(before.DifferencesTo(await Lab.SnapshotAsync(Stop), ChangesByItself));
    }

    internal static PSCredential Credential(string name, string password) => new(name, Secret(password));

    internal static SecureString Secret(string text) => new NetworkCredential(string.Empty, text).SecurePassword;

    public async ValueTask DisposeAsync()
    {
        Shell.Dispose();
        await Lab.DisposeAsync();
    }
}
