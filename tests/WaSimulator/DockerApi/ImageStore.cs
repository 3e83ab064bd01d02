using System.Text.RegularExpressions;

namespace WaSimulator.DockerApi;

/// <summary>The images on one host, and those that it could pull.</summary>
public sealed class ImageStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DockerImage> _local = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DockerImage> _registry = new(StringComparer.Ordinal);

    /// <summary>All images on the host, one entry for each name.</summary>
    public IReadOnlyList<DockerImage> Local
    {
        get
        {
            lock (_gate)
            {
                return [.. _local.Values];
            }
        }
    }

    /// <summary>Puts an image onto the host, as loading or building it does.</summary>
    public void Add(DockerImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_gate)
        {
            _local[image.Reference] = image;
        }
    }

    /// <summary>Puts an image into the registry, from which this host can pull it.</summary>
    public void AddToRegistry(DockerImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        lock (_gate)
        {
            _registry[image.Reference] = image;
        }
    }

    /// <summary>Takes a name off; the image is gone with its last one.</summary>
    public bool Remove(string reference)
    {
        lock (_gate)
        {
            return Find(reference) is { } image && _local.Remove(image.Reference);
        }
    }

    internal DockerImage? Find(string reference)
    {
        lock (_gate)
        {
            if (_local.GetValueOrDefault(Normalize(reference)) is { } named)
            {
                return named;
            }

            var digits = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference[7..] : reference;
            return digits.Length >= 4 && digits.All(char.IsAsciiHexDigitLower)
                ? _local.Values.FirstOrDefault(i => i.Id.AsSpan(7).StartsWith(digits, StringComparison.Ordinal))
                : null;
        }
    }

    internal DockerImage Get(string reference) => Find(reference) ?? throw DockerError.NoSuchImage(reference);

    /// <summary>Every name of the image with that id.</summary>
    internal IReadOnlyList<string> NamesOf(string id)
    {
        lock (_gate)
        {
            return [.. _local.Values.Where(i => i.Id == id).Select(i => i.Reference)];
        }
    }

    internal DockerImage Pull(string reference)
    {
        lock (_gate)
        {
            var name = Normalize(reference);
            if (!_registry.TryGetValue(name, out var image))
            {
                throw new DockerError(404, $"manifest for {name} not found: manifest unknown: manifest unknown");
            }

            _local[name] = image;
            return image;
        }
    }

    internal void Tag(string reference, string repository, string tag)
    {
        lock (_gate)
        {
            var image = Get(reference);
            Add(image with { Repository = repository, Tag = tag, Id = image.Id });
        }
    }

    /// <summary>Adds the tag that Docker assumes; a colon before the last slash belongs to a port.</summary>
    internal static string Normalize(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Regex.IsMatch(reference, ":[^/]+$") ? reference : reference + ":latest";
    }

    internal static (string Repository, string Tag) Split(string reference)
    {
        var name = Normalize(reference);
        var colon = name.LastIndexOf(':');
        return (name[..colon], name[(colon + 1)..]);
    }
}
