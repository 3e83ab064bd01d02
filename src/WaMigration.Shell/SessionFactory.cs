using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace WaMigration.Shell;

/// <summary>Makes the session in which scripts and commands run.</summary>
internal static class SessionFactory
{
    /// <summary>
    /// Settings of the engine that it reads from the environment once. Given ones stay as they are.
    /// </summary>
    public static void PrepareEnvironment()
    {
        // The engine would send usage data, and keep an id for that in the home folder.
        SetIfMissing("POWERSHELL_TELEMETRY_OPTOUT", "1");

        // The cache of module analysis would go to the home folder too; with few modules it saves nothing.
        SetIfMissing("PSModuleAnalysisCachePath", OperatingSystem.IsWindows() ? "nul" : "/dev/null");
    }

    /// <summary>Opens a session for a host.</summary>
    public static Runspace Open(ShellHost host)
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Set-Location", typeof(SetLocationCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Get-Location", typeof(GetLocationCommand), null));
        state.Commands.Remove("help", typeof(SessionStateFunctionEntry));
        state.Commands.Add(new SessionStateFunctionEntry("help", HelpFunction.Text));

        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        return runspace;
    }

    private static void SetIfMissing(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
