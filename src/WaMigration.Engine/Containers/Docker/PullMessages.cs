using Docker.DotNet.Models;

namespace WaMigration.Containers.Docker;

/// <summary>
/// Takes the messages of an image pull or load as they come. The answer is 200 even where it fails: the failure is
/// one of the messages.
/// </summary>
internal sealed class PullMessages(IProgress<string> progress) : IProgress<JSONMessage>
{
    internal string? Failure { get; private set; }

    public void Report(JSONMessage value)
    {
        if (value.Error is { } error)
        {
            Failure = error.Message;
        }
        else if (!string.IsNullOrEmpty(value.ErrorMessage))
        {
            Failure = value.ErrorMessage;
        }
        else
        {
            progress.Report(string.Join(" ", new[] { value.ID, value.Status, value.ProgressMessage, value.Stream?.Trim() }.Where(part => !string.IsNullOrEmpty(part))));
        }
    }
}
