namespace WaMigration.Engine.Tests.Databases;

/// <summary>A role without special rights; it goes, with the database that it owns, at the end.</summary>
internal sealed class OrdinaryRole(CopyLab lab, WaDatabaseServer server) : IAsyncDisposable
{
    internal WaDatabaseServer Server { get; } = server;

    public async ValueTask DisposeAsync()
    {
        await lab.TargetAsync("postgres", $"DROP DATABASE IF EXISTS \"{lab.Database}\" WITH (FORCE)");
        await lab.TargetAsync("postgres", $"DROP ROLE \"{Server.UserName}\"");
    }
}
