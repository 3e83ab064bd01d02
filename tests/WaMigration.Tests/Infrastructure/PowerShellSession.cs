using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace WaMigration.Tests.Infrastructure;

/// <summary>
/// A real PowerShell engine in this process with the built module imported. One a test; runs script text and gives
/// back every stream.
/// </summary>
internal sealed class PowerShellSession : IDisposable
{
    private readonly Runspace runspace;

    internal PowerShellSession(bool importModule = true)
    {
        Host = new CapturingHost();
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        runspace = RunspaceFactory.CreateRunspace(Host, state);
        runspace.Open();
        Set("ProgressPreference", ActionPreference.SilentlyContinue);
        if (importModule)
        {
            Run("param($m) Import-Module $m -ErrorAction Stop", ("m", ModuleUnderTest.Manifest)).MustSucceed();
        }
    }

    internal CapturingHost Host { get; }

    internal void Set(string name, object? value) => runspace.SessionStateProxy.SetVariable(name, value);

    internal object? Get(string name) => runspace.SessionStateProxy.GetVariable(name);

    /// <summary>Runs script text; an error that ends it is among the errors of the result.</summary>
    internal ScriptResult Run(string script, params (string Name, object? Value)[] parameters)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        foreach (var (name, value) in parameters)
        {
            shell.AddParameter(name, value);
        }

        return Collect(shell);
    }

    /// <summary>Runs script text and lets the caller stop it in the middle, as Ctrl+C does.</summary>
    internal async Task<ScriptResult> RunAsync(string script, IDictionary? parameters, CancellationToken stop)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        if (parameters is not null)
        {
            shell.AddParameters(parameters);
        }

        await using var registration = stop.Register(() => shell.BeginStop(null, null));
        var output = new PSDataCollection<PSObject>();
        Exception? end = null;
        try
        {
            await shell.InvokeAsync<PSObject, PSObject>(null!, output);
        }
        catch (RuntimeException failure)
        {
            end = failure;
        }

        return Gather(shell, [.. output], end);
    }

    public void Dispose() => runspace.Dispose();

    private ScriptResult Collect(PowerShell shell)
    {
        // A collection of our own keeps what was written before an error ended the script.
        var output = new PSDataCollection<PSObject>();
        try
        {
            shell.Invoke(null, output);
            return Gather(shell, [.. output], null);
        }
        catch (RuntimeException end)
        {
            return Gather(shell, [.. output], end);
        }
    }

    private ScriptResult Gather(PowerShell shell, IReadOnlyList<PSObject> output, Exception? end)
    {
        var errors = shell.Streams.Error.ToList();
        if (end is RuntimeException { ErrorRecord: { } record })
        {
            errors.Add(record);
        }

        return new ScriptResult(
            output,
            errors,
            [.. shell.Streams.Warning.Select(w => w.Message)],
            [.. shell.Streams.Verbose.Select(v => v.Message)],
            [.. shell.Streams.Progress],
            Host.Lines);
    }
}
