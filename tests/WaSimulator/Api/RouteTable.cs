namespace WaSimulator.Api;

/// <summary>Finds what answers a method and path; templates may hold {name} segments.</summary>
internal sealed class RouteTable<T>
    where T : class
{
    private readonly List<(string Method, string[] Segments, T Target)> routes = [];

    public void Add(string method, string template, T target) =>
        routes.Add((method, template.Split('/', StringSplitOptions.RemoveEmptyEntries), target));

    public T? Find(ApiCall call)
    {
        var path = call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (method, segments, target) in routes)
        {
            if (method == call.Method && Matches(segments, path, call.Values))
            {
                return target;
            }
        }

        return null;
    }

    private static bool Matches(string[] segments, string[] path, Dictionary<string, string> values)
    {
        if (segments.Length != path.Length)
        {
            return false;
        }

        values.Clear();
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].StartsWith('{'))
            {
                values[segments[i].Trim('{', '}')] = Uri.UnescapeDataString(path[i]);
            }
            else if (!string.Equals(segments[i], path[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
