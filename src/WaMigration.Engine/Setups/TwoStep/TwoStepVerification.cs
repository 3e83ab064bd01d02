using System.Security;
using WaMigration.Security;
using WaMigration.Setups.Webhooks;

namespace WaMigration.Setups.TwoStep;

/// <summary>Turns two-step verification on and off. Whether it is on cannot be read.</summary>
internal static class TwoStepVerification
{
    private const int Digits = 6;

    internal static async Task EnableAsync(WaSetup setup, SecureString pin, Operation operation)
    {
        var text = pin.Reveal();
        if (text.Length != Digits || text.Any(c => c is < '0' or > '9'))
        {
            throw WebhookErrors.PinNotUsable.Error(setup.Name);
        }

        Note(setup, JournalKinds.TwoStepEnabling, operation);
        await setup.Api(operation).EnableTwoStepAsync(text, operation.Cancellation).ConfigureAwait(false);
        Note(setup, JournalKinds.TwoStepEnabled, operation);
    }

    internal static async Task DisableAsync(WaSetup setup, Operation operation)
    {
        Note(setup, JournalKinds.TwoStepDisabling, operation);
        await setup.Api(operation).DisableTwoStepAsync(operation.Cancellation).ConfigureAwait(false);
        Note(setup, JournalKinds.TwoStepDisabled, operation);
    }

    private static void Note(WaSetup setup, string kind, Operation operation)
    {
        if (!operation.PlanOnly)
        {
            setup.Journal.Write(kind, setup.Name);
        }
    }
}
