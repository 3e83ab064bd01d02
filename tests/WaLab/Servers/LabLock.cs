namespace WaLab.Servers;

/// <summary>One process at a time: for what is made once a machine (packages, templates, image layers).</summary>
internal static class LabLock
{
    /// <summary>Waits for the lock of that name; disposing gives it back, and so does the end of the process.</summary>
    public static async Task<IAsyncDisposable> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var file = Path.Combine(LabFolders.Cache, name + ".lock");
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                // Held by another process, which may be installing packages.
                await Task.Delay(100, cancellationToken);
            }
        }
    }
}
