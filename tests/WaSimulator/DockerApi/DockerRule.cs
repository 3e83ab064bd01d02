using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>One way in which a host misbehaves, until it is used up or taken back by disposing it.</summary>
public sealed class DockerRule : IDisposable
{
    private readonly DockerRules _rules;
    private readonly string? _method;
    private readonly Regex _path;
    private int _left;
    private int _applied;

    internal DockerRule(DockerRules rules, string? method, string path, int times)
    {
        _rules = rules;
        _method = method;
        _path = new Regex(path);
        _left = times;
    }

    /// <summary>How often it was applied.</summary>
    public int Applied => Volatile.Read(ref _applied);

    internal TimeSpan Delay { get; init; }

    internal int? Status { get; init; }

    internal string Message { get; init; } = "";

    /// <inheritdoc/>
    public void Dispose() => _rules.Remove(this);

    internal bool Take(string method, string path)
    {
        if ((_method is not null && !string.Equals(method, _method, StringComparison.OrdinalIgnoreCase)) || !_path.IsMatch(path))
        {
            return false;
        }

        if (Interlocked.Decrement(ref _left) < 0)
        {
            return false;
        }

        Interlocked.Increment(ref _applied);
        return true;
    }
}
