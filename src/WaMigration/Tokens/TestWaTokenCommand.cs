using System.Management.Automation;
using System.Security;
using WaMigration.Setups.Tokens;

namespace WaMigration.Commands;

/// <summary>
/// Says whether a setup takes a token, and until when: the one that the connection uses, one of a file, one that is given,
/// or the one that the connection to another setup uses.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "WaToken", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(WaToken))]
public sealed class TestWaTokenCommand : WaSetupCmdlet
{
    private const string SessionSet = "Session";
    private const string FileSet = "File";
    private const string TokenSet = "Token";

    /// <summary>The file that Backup-WaToken wrote.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FileSet, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The password of the file.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = FileSet)]
    [ValidateNotNull]
    public SecureString Password { get; set; } = null!;

    /// <summary>A token.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet)]
    [ValidateNotNull]
    public SecureString Token { get; set; } = null!;

    /// <summary>Another setup: whether this one takes the token that the connection to that one uses.</summary>
    [Parameter(ParameterSetName = SessionSet)]
    [ValidateNotNull]
    public WaSetup? Source { get; set; }

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation) => Output(ParameterSetName switch
    {
        FileSet => await Tokens.TestFileAsync(Setup, ResolvePath(Path), Password, operation).ConfigureAwait(false),
        TokenSet => await Tokens.TestAsync(Setup, Token, null, Tokens.EarliestEnd(Token, null), operation).ConfigureAwait(false),
        _ => await Tokens.TestSessionAsync(Setup, Source ?? Setup, operation).ConfigureAwait(false),
    });
}
