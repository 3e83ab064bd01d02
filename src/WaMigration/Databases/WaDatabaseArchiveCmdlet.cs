using System.Management.Automation;
using System.Security;
using WaMigration.Databases.Copying;

namespace WaMigration.Commands;

/// <summary>A cmdlet that carries the databases of one side into an archive, or out of one.</summary>
public abstract class WaDatabaseArchiveCmdlet : WaDatabaseServerCmdlet
{
    /// <summary>Leaves out waweb, the store of the web application (users, tokens).</summary>
    [Parameter]
    public SwitchParameter ExcludeWaweb { get; set; }

    /// <summary>Tables whose rows are left out, as the server writes their names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] ExcludeTable { get; set; } = [];

    /// <summary>How many parts are worked on at once. The default is this machine's processors, from 2 to 4.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = CopyOptions.DefaultThrottleLimit;

    /// <summary>The password of an encrypted archive. Without it nobody opens the archive again.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? EncryptionPassword { get; set; }

    /// <summary>Carries owners and grants, too; an archive must hold them, and the server have their roles.</summary>
    [Parameter]
    public SwitchParameter IncludeOwner { get; set; }

    /// <summary>What was chosen of the databases.</summary>
    private protected CopyOptions Selected() => new()
    {
        Databases = Database,
        ExcludeWaweb = ExcludeWaweb,
        ExcludeTables = ExcludeTable,
        ThrottleLimit = ThrottleLimit,
        IncludeOwner = IncludeOwner,
    };
}
