using System.Management.Automation;

namespace WaMigration.Commands;

/// <summary>
/// The base of every cmdlet: runs asynchronous work off the pipeline thread, brings what it says and asks back to that
/// thread, stops on Ctrl+C, and turns every failure into an error record with a stable id.
/// </summary>
/// <remarks>
/// A cmdlet class has no field of an engine's enum or struct, an automatic property's hidden one included: .NET needs
/// such a type to lay the class out, and so the import would need the engine before it can be found. Keep a number and
/// cast: <c>get => (WaSslMode)sslMode; set => sslMode = (int)value;</c>.
/// </remarks>
public abstract class WaCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private PipelinePump? pump;

    /// <summary>Whether -WhatIf (or the preference) is in force: changes are told, not made.</summary>
    protected bool IsWhatIf
    {
        get
        {
            if (MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given))
            {
                return given is SwitchParameter { IsPresent: true };
            }

            return SessionState.PSVariable.GetValue("WhatIfPreference") switch
            {
                SwitchParameter preference => preference.IsPresent,
                bool preference => preference,
                _ => false,
            };
        }
    }

    /// <summary>The pump, for the parts of the base that live beside this class. Null between records.</summary>
    internal PipelinePump Pump => pump ?? throw new InvalidOperationException("No record is being processed.");

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the stop token's source.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopping.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <remarks>An error of PowerShell's own came out of a script block that this cmdlet ran: it goes on as it is.</remarks>
    protected sealed override void ProcessRecord()
    {
        using var records = new PipelinePump(this, stopping);
        pump = records;
        try
        {
            var console = new CmdletConsole(records);
            var operation = new Operation(console, IsWhatIf, stopping.Token);
            records.Run(() => RunAsync(operation));
        }
        catch (OperationCanceledException) when (records.Interruption is null && stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception failure) when (failure is not (PipelineStoppedException or RuntimeException) && failure != records.Interruption)
        {
            ThrowTerminatingError(ErrorRecords.From(failure, this));
        }
        finally
        {
            pump = null;
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            stopping.Stop();
        }
        catch (ObjectDisposedException)
        {
            // The command ended while the stop was on its way: there is nothing left to stop.
        }
    }

    /// <summary>The work for one input record. Runs off the pipeline thread.</summary>
    /// <param name="operation">Carries console, plan mode and cancellation into the engine.</param>
    protected abstract Task RunAsync(Operation operation);

    /// <summary>Writes one object to the pipeline, in order; waits while the pipeline is slower than the work.</summary>
    protected void Output(object value) => Pump.Post(cmdlet => cmdlet.WriteObject(value));

    /// <summary>Writes an error and goes on with the rest.</summary>
    protected void OutputError(Exception failure) =>
        Pump.Post(cmdlet => cmdlet.WriteError(ErrorRecords.From(failure, this)));

    /// <summary>
    /// Asks once before a change, as -Confirm and $ConfirmPreference want. Under -WhatIf the answer is yes without a
    /// word, since the planning decorators tell every single change themselves.
    /// </summary>
    protected Task<bool> ConfirmAsync(Operation operation, string target, string action) =>
        operation.PlanOnly
            ? Task.FromResult(true)
            : Pump.AskAsync(cmdlet => cmdlet.ShouldProcess(target, action));

    /// <summary>Runs something that only the pipeline thread may do (invoke a script block, prompt) and gives its result.</summary>
    protected Task<T> OnPipelineThreadAsync<T>(Func<T> ask) => Pump.AskAsync(_ => ask());

    /// <summary>A PowerShell path as a path of the file system.</summary>
    protected string ResolvePath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
