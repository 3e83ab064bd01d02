using System.Security.Cryptography;

namespace WaSimulator.Images;

/// <summary>A layer on this machine's disk.</summary>
/// <param name="File">The tar.</param>
/// <param name="Digest">SHA-256 of the tar, in hex.</param>
public sealed record ImageLayer(string File, string Digest)
{
    /// <summary>
    /// The layer of that key, from the cache folder or written now. The digest stands in the file's name: nothing is
    /// hashed twice.
    /// </summary>
    public static ImageLayer GetOrWrite(string cacheFolder, string name, string key, Action<LayerWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Directory.CreateDirectory(cacheFolder);
        var prefix = $"{name}-{key}-";
        if (Directory.EnumerateFiles(cacheFolder, prefix + "*.tar").FirstOrDefault() is { } present)
        {
            return new ImageLayer(present, Path.GetFileNameWithoutExtension(present)[prefix.Length..]);
        }

        var unfinished = Path.Combine(cacheFolder, Guid.NewGuid().ToString("N") + ".new");
        try
        {
            using (var stream = System.IO.File.Create(unfinished))
            {
                using (var layer = new LayerWriter(stream))
                {
                    write(layer);
                }

                stream.Position = 0;
                var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
                var finished = Path.Combine(cacheFolder, $"{prefix}{digest}.tar");

                // Another process may write the same one at the same time: the same bytes under the same name.
                System.IO.File.Move(unfinished, finished, overwrite: true);
                return new ImageLayer(finished, digest);
            }
        }
        finally
        {
            System.IO.File.Delete(unfinished);
        }
    }
}
