using System.Management.Automation;
using WaMigration.Setups.Users;

namespace WaMigration.Commands;

/// <summary>Shows a user of a client's API. The API has no list of users, so a name is needed; by default it is your own.</summary>
[Cmdlet(VerbsCommon.Get, "WaUser")]
[OutputType(typeof(WaUser))]
public sealed class GetWaUserCommand : WaSetupCmdlet
{
    /// <summary>User names.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        foreach (var name in Name.Length > 0 ? Name : [Setup.UserName ?? "admin"])
        {
            Output(await ApiUsers.GetAsync(Setup, name, operation).ConfigureAwait(false));
        }
    }
}
