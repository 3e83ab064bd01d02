using System.Globalization;

namespace WaLab.Runs;

/// <summary>A migration from a lab's old side to its new one, run as an administrator's script in a process of its own.</summary>
public static class MigrationScript
{
    private static readonly string[] Runbooks = ["Invoke-WaSettingsMigration.ps1", "Invoke-WaMessageMigration.ps1", "Invoke-WaFullMigration.ps1"];

    /// <summary>The folder in which the migration keeps its record.</summary>
    public static string FolderIn(Lab lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return Path.Combine(lab.Folder, "migration");
    }

    /// <summary>Starts it; the same call starts it again after a crash.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="shell">The console host's assembly.</param>
    /// <param name="repository">The root of the repository, with the built module in its out folder.</param>
    /// <param name="option">The guide's option.</param>
    /// <param name="pauseBefore">The step that it ends before; null goes on to the end.</param>
    /// <param name="cancellation">Stops the preparation.</param>
    public static async Task<ShellRun> StartAsync(
        Lab lab, string shell, string repository, int option = 1, int? pauseBefore = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var module = Path.Combine(repository, "out", "WaMigration");
        var ca = Path.Combine(lab.Folder, "webhook-ca.pem");
        await File.WriteAllTextAsync(ca, lab.Webhook.CaPem, cancellation);
        return ShellRun.Start(
            shell,
            Path.Combine(repository, "tests", "WaLab", "Runs", "Migrate.ps1"),
            [
                "-Manifest", Path.Combine(module, "WaMigration.psd1"),
                "-Runbook", Path.Combine(module, "Runbooks", Runbooks[option - 1]),
                "-Option", option.ToString(CultureInfo.InvariantCulture),
                "-Folder", FolderIn(lab),
                "-OldApi", lab.Old.ApiUri.ToString(),
                "-OldDockerHost", string.Join(';', lab.Old.DockerHosts),
                "-OldThumbprint", await OldThumbprintAsync(lab, cancellation),
                "-NewApi", lab.New.ApiUri.ToString(),
                "-NewDockerHost", string.Join(';', lab.New.DockerHosts),
                "-NewHostName", string.Join(';', lab.New.RealEngines.Select(engine => engine.Name)),
                "-DatabaseEngine", lab.New.DatabaseProduct.ToString(),
                "-OldDatabaseUser", lab.Old.DatabaseUser,
                "-OldNamePrefix", lab.Old.NamePrefix,
                "-DatabaseServer", lab.New.DatabaseServer,
                "-DatabasePort", lab.New.DatabasePort.ToString(CultureInfo.InvariantCulture),
                "-DatabaseUser", lab.New.DatabaseUser,
                "-NamePrefix", lab.New.NamePrefix,
                "-WebhookUri", lab.Webhook.Address.ToString(),
                "-WebhookCa", ca,
                "-TestRecipient", Lab.TestContact,
                .. pauseBefore is { } step ? new[] { "-PauseBefore", step.ToString(CultureInfo.InvariantCulture) } : [],
            ],
            new Dictionary<string, string>
            {
                ["LAB_OLD_PASSWORD"] = lab.Old.Password,
                ["LAB_FACTORY_PASSWORD"] = "secret",
                ["LAB_NEW_PASSWORD"] = lab.New.NewPassword,
                ["LAB_OLD_DATABASE_PASSWORD"] = lab.Old.DatabasePassword,
                ["LAB_DATABASE_PASSWORD"] = lab.New.DatabasePassword,
                ["LAB_BACKUP_PASSWORD"] = "backup of the lab",
                ["LAB_PIN"] = Lab.Pin,
            });
    }

    /// <summary>The old client was made anew, and its administrator notes its new pin at the next start.</summary>
    public static void ForgetOldPin(Lab lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        File.Delete(PinNote(lab));
    }

    private static string PinNote(Lab lab) => Path.Combine(lab.Folder, "old-thumbprint");

    /// <summary>The pin is noted once, while the old client is there, as its administrator has it.</summary>
    private static async Task<string> OldThumbprintAsync(Lab lab, CancellationToken cancellation)
    {
        var note = PinNote(lab);
        if (!File.Exists(note))
        {
            await File.WriteAllTextAsync(note, await lab.Old.GetCertificateThumbprintAsync(cancellation), cancellation);
        }

        return await File.ReadAllTextAsync(note, cancellation);
    }
}
