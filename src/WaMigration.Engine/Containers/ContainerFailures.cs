namespace WaMigration.Containers;

/// <summary>Makes the error for a container that does not stay up, with what it said last.</summary>
internal static class ContainerFailures
{
    internal static async Task<WaException> WouldNotStartAsync(IDockerHost host, ContainerDetail detail, Operation operation)
    {
        IReadOnlyList<string> log;
        try
        {
            log = await host.ReadLogAsync(detail.Id, ContainerEvidence.LogLines, operation.Cancellation).ConfigureAwait(false);
        }
        catch (WaException failure)
        {
            log = [failure.Message];
        }

        var reason = detail.Error.Length > 0
            ? detail.Error
            : ContainerText.Catalog.Format("Exited", detail.State, detail.ExitCode);
        return ContainerErrors.ContainerWouldNotStart.Error(detail.Definition.Name, null, log, host.Address, reason);
    }
}
