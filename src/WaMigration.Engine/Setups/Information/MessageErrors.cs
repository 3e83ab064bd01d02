namespace WaMigration.Setups.Information;

/// <summary>The errors of messages.</summary>
internal static class MessageErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.Information.MessageErrors");

    internal static readonly WaErrorKind ReceiverNotUsable = new("ReceiverNotUsable", WaErrorCategory.InvalidArgument, Text);
}
