using System.Management.Automation;
using WaMigration.Setups;
using WaMigration.Setups.Information;

namespace WaMigration.Commands;

/// <summary>
/// Sends a message: free text (to someone who wrote within 24 hours), or a template. What it returns shows that the API
/// took the message; its delivery, the webhook tells.
/// </summary>
[Cmdlet(VerbsCommunications.Send, "WaMessage", SupportsShouldProcess = true, DefaultParameterSetName = TextSet)]
[OutputType(typeof(WaMessage))]
public sealed class SendWaMessageCommand : WaSetupCmdlet
{
    private const string TextSet = "Text";
    private const string TemplateSet = "Template";

    /// <summary>The receiver's number in international form.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string To { get; set; } = null!;

    /// <summary>The text.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = TextSet)]
    [ValidateLength(1, 4096)]
    public string Text { get; set; } = null!;

    /// <summary>The name of an approved template.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TemplateSet)]
    [ValidateNotNullOrEmpty]
    public string Template { get; set; } = null!;

    /// <summary>The namespace of the template.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TemplateSet)]
    [ValidateNotNullOrEmpty]
    public string TemplateNamespace { get; set; } = null!;

    /// <summary>The language of the template, for example en or ja.</summary>
    [Parameter(ParameterSetName = TemplateSet)]
    [ValidateNotNullOrEmpty]
    public string Language { get; set; } = "en";

    /// <summary>The texts for the template's places, in order.</summary>
    [Parameter(ParameterSetName = TemplateSet)]
    [ValidateNotNull]
    public string[] TemplateParameter { get; set; } = [];

    /// <inheritdoc/>
    protected override async Task RunAsync(Operation operation)
    {
        if (!await ConfirmAsync(operation, Setup.Name, ActionText.Phrase("SendMessage", To)).ConfigureAwait(false))
        {
            return;
        }

        var message = ParameterSetName == TemplateSet
            ? await Messages.SendTemplateAsync(Setup, To, Template, TemplateNamespace, Language, TemplateParameter, operation).ConfigureAwait(false)
            : await Messages.SendTextAsync(Setup, To, Text, operation).ConfigureAwait(false);
        if (!operation.PlanOnly)
        {
            Output(message);
        }
    }
}
