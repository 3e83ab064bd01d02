using WaMigration.Tests.Infrastructure;

namespace WaMigration.Tests.Migration;

/// <summary>An engine with two setups that are only described: enough for everything that a record does by itself.</summary>
internal sealed class RecordSession : IDisposable
{
    internal const string Describe = """
        $old = Connect-WaSetup -Name old -NotInstalled -ApiUri https://127.0.0.1:1
        $new = Connect-WaSetup -Name new -NotInstalled -ApiUri https://127.0.0.1:2
        """;

    private readonly string root = Path.Combine(Path.GetTempPath(), "wamigration-" + Guid.NewGuid().ToString("N"));

    internal RecordSession()
    {
        Directory.CreateDirectory(root);
        Shell.Set("folder", Folder);
        Run(Describe).MustSucceed();
    }

    internal PowerShellSession Shell { get; } = new();

    /// <summary>The migration's folder; not there yet.</summary>
    internal string Folder => Path.Combine(root, "m");

    /// <summary>Another folder of the test.</summary>
    internal string Other(string name) => Path.Combine(root, name);

    internal ScriptResult Run(string script) => Shell.Run(script);

    /// <summary>Starts the migration into $m.</summary>
    internal void Start() => Run("$m = Start-WaMigration $folder -Option 1 -Source $old -Destination $new").MustSucceed();

    public void Dispose()
    {
        Shell.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
