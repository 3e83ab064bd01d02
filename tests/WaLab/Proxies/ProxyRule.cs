using System.Text.RegularExpressions;

namespace WaLab.Proxies;

/// <summary>Something that a proxy does to matching requests, until it is used up or disposed.</summary>
public abstract class ProxyRule : IDisposable
{
    private readonly string? _method;
    private readonly Regex _path;
    private readonly int _from;
    private readonly int _times;
    private readonly Func<bool>? _onlyWhile;
    private int _seen;
    private int _applied;
    private volatile bool _disposed;

    /// <summary>Matches requests of a method (null: any) whose path matches, from one occurrence on and so many times; where told, only while something holds.</summary>
    private protected ProxyRule(HoldPoint when, string? method, string path, int from, int times, Func<bool>? onlyWhile = null)
    {
        When = when;
        _method = method;
        _path = new Regex(path);
        _from = from;
        _times = times;
        _onlyWhile = onlyWhile;
    }

    /// <summary>Where on its way it meets a request.</summary>
    public HoldPoint When { get; }

    /// <summary>How many requests it was applied to.</summary>
    public int Applied => Volatile.Read(ref _applied);

    internal bool Take(string method, string path)
    {
        if (_disposed || (_method is not null && !string.Equals(_method, method, StringComparison.OrdinalIgnoreCase)) || !_path.IsMatch(path) || _onlyWhile?.Invoke() == false)
        {
            return false;
        }

        var occurrence = Interlocked.Increment(ref _seen);
        if (occurrence < _from || occurrence - _from >= _times)
        {
            return false;
        }

        Interlocked.Increment(ref _applied);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Withdraw();
        GC.SuppressFinalize(this);
    }

    private protected virtual void Withdraw()
    {
    }
}
