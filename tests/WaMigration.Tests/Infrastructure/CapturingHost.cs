using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace WaMigration.Tests.Infrastructure;

/// <summary>A PowerShell host that keeps what is written to it ("What if" goes there) and answers choices as told.</summary>
internal sealed class CapturingHost : PSHost
{
    private readonly CapturingUI ui = new();

    internal IReadOnlyList<string> Lines => [.. ui.Lines];

    /// <summary>Answer to every choice (0 is Yes); null makes a question a failure, as in an unattended run.</summary>
    internal int? ChoiceAnswer
    {
        get => ui.ChoiceAnswer;
        set => ui.ChoiceAnswer = value;
    }

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => nameof(CapturingHost);

    public override PSHostUserInterface UI => ui;

    public override Version Version => new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
        // Nothing to prepare: native programs write to their own pipes.
    }

    public override void NotifyEndApplication()
    {
        // Nothing to restore.
    }

    public override void SetShouldExit(int exitCode) => ui.Lines.Enqueue($"exit {exitCode}");

    private sealed class CapturingUI : PSHostUserInterface
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        internal int? ChoiceAnswer { get; set; }

        public override PSHostRawUserInterface? RawUI => null;

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new PSInvalidOperationException("Nobody is there to answer: " + string.Join(", ", descriptions.Select(d => d.Name)));

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
        {
            Lines.Enqueue($"{caption} {message}");
            return ChoiceAnswer ?? throw new PSInvalidOperationException("Nobody is there to answer: " + message);
        }

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new PSInvalidOperationException("Nobody is there to answer: " + message);

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
            PromptForCredential(caption, message, userName, targetName);

        public override string ReadLine() => throw new PSInvalidOperationException("Nobody is there to answer.");

        public override SecureString ReadLineAsSecureString() => throw new PSInvalidOperationException("Nobody is there to answer.");

        public override void Write(string value) => Lines.Enqueue(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Lines.Enqueue(value);

        public override void WriteLine(string value) => Lines.Enqueue(value);

        public override void WriteDebugLine(string message) => Lines.Enqueue("DEBUG: " + message);

        public override void WriteErrorLine(string value) => Lines.Enqueue(value);

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
            // Progress is kept by its own stream.
        }

        public override void WriteVerboseLine(string message)
        {
            // Kept by its own stream.
        }

        public override void WriteWarningLine(string message)
        {
            // Kept by its own stream.
        }
    }
}
