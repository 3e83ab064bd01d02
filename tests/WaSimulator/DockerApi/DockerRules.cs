using System.Text.RegularExpressions;
using WaSimulator.Hosting;

namespace WaSimulator.DockerApi;

/// <summary>
/// Makes a Docker host misbehave at will. Paths are regular expressions on the path without the version, such as
/// <c>^/containers/.+/stop$</c>.
/// </summary>
public sealed class DockerRules
{
    private readonly Lock _gate = new();
    private readonly List<DockerRule> _rules = [];
    private readonly List<(Regex Name, int ExitCode, string[] Lines)> _failing = [];

    /// <summary>The next calls that match get this answer, and have no effect.</summary>
    public DockerRule FailNext(string? method, string path, int status, string message, int times = 1) =>
        Add(new DockerRule(this, method, path, times) { Status = status, Message = message });

    /// <summary>Calls that match wait before they are served.</summary>
    public DockerRule Delay(string? method, string path, TimeSpan delay, int times = int.MaxValue) =>
        Add(new DockerRule(this, method, path, times) { Delay = delay });

    /// <summary>Containers whose name matches end at once when they are started, with this code and these last words.</summary>
    public void WillNotStart(string namePattern, int exitCode, params string[] logLines)
    {
        lock (_gate)
        {
            _failing.Add((new Regex(namePattern), exitCode, logLines));
        }
    }

    /// <summary>Behaves again.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _rules.Clear();
            _failing.Clear();
        }
    }

    internal void Remove(DockerRule rule)
    {
        lock (_gate)
        {
            _rules.Remove(rule);
        }
    }

    internal async Task ApplyAsync(string method, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        List<DockerRule> taken;
        lock (_gate)
        {
            taken = [.. _rules.Where(rule => rule.Take(method, path))];
        }

        foreach (var rule in taken)
        {
            if (rule.Delay > TimeSpan.Zero)
            {
                await Task.Delay(rule.Delay, time, cancellationToken);
            }

            if (rule.Status is { } status)
            {
                throw new DockerError(status, rule.Message);
            }
        }
    }

    internal ISimNode? FailingNode(string containerName, Action<string> log)
    {
        lock (_gate)
        {
            foreach (var (name, exitCode, lines) in _failing)
            {
                if (name.IsMatch(containerName))
                {
                    return new StandInNode(log, lines, exitCode);
                }
            }

            return null;
        }
    }

    private DockerRule Add(DockerRule rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }

        return rule;
    }
}
