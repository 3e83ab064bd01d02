using System.Security;
using WaMigration.Api;
using WaMigration.Security;

namespace WaMigration.Setups.Users;

/// <summary>The users of a client's API. The API has no list of them.</summary>
internal static class ApiUsers
{
    private const int Shortest = 4;
    private const int Longest = 32;
    private const string Factory = "admin";

    internal static async Task<WaUser> GetAsync(WaSetup setup, string name, Operation operation)
    {
        var user = await setup.Api(operation).GetUserAsync(name, operation.Cancellation).ConfigureAwait(false);
        return new WaUser(setup.Name, user.Text("username") ?? name, user.Text("ROLES") ?? user.Text("roles") ?? string.Empty);
    }

    internal static Task AddAsync(WaSetup setup, string name, SecureString password, Operation operation)
    {
        if (name.Length is < Shortest or > Longest || Uri.EscapeDataString(name) != name)
        {
            throw UserErrors.UserNameNotUsable.Error(name);
        }

        PasswordRule.Require(password, name);
        return setup.Api(operation).AddUserAsync(name, password.Reveal(), operation.Cancellation);
    }

    internal static async Task ChangeAsync(WaSetup setup, string name, SecureString password, Operation operation)
    {
        PasswordRule.Require(password, name);
        await setup.Api(operation).ChangeUserAsync(name, password.Reveal(), operation.Cancellation).ConfigureAwait(false);
        if (!operation.PlanOnly && name == setup.UserName && setup.Connections is SetupConnections connections)
        {
            // Else the next login of this session would be one with a bad password.
            connections.AdoptPassword(password);
        }
    }

    internal static Task RemoveAsync(WaSetup setup, string name, Operation operation) => name == Factory
        ? throw UserErrors.UserCannotBeRemoved.Error(name)
        : setup.Api(operation).RemoveUserAsync(name, operation.Cancellation);
}
