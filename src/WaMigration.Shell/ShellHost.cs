using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace WaMigration.Shell;

/// <summary>What the engine knows of the program that it runs in.</summary>
internal sealed class ShellHost(ShellUI ui, Terminal terminal, NativeChildren natives, InterruptHandler interrupts) : PSHost
{
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a prompt inside a running pipeline, until it is left; set once there is a runspace.</summary>
    public Action? NestedPrompt { get; set; }

    /// <summary>The exit code that a script asked for, if one did.</summary>
    public int? RequestedExitCode { get; private set; }

    public override string Name => "WaMigration.Shell";

    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => ui;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    /// <summary>Leaving a nested prompt is not leaving the shell.</summary>
    public void ForgetExitRequest() => RequestedExitCode = null;

    public override void EnterNestedPrompt()
    {
        if (NestedPrompt is null)
        {
            throw new PSInvalidOperationException(ShellText.NotInteractive);
        }

        NestedPrompt();
    }

    public override void ExitNestedPrompt() => RequestedExitCode = ExitCodes.Success;

    public override void NotifyBeginApplication()
    {
        terminal.HoldLive();
        natives.Begin();
    }

    public override void NotifyEndApplication()
    {
        natives.End();
        if (terminal.InputIsTerminal && terminal.OutputIsTerminal)
        {
            // Ctrl+C ends the command at once and reaches the shell a moment later: without this wait the script
            // would already run its next statement.
            interrupts.Token.WaitHandle.WaitOne(SignalDelay);
        }

        terminal.ReleaseLive();
    }
}
