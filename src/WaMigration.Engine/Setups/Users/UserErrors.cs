namespace WaMigration.Setups.Users;

/// <summary>The errors of API users.</summary>
internal static class UserErrors
{
    private static readonly TextCatalog Text = new("WaMigration.Setups.Users.UserErrors");

    internal static readonly WaErrorKind UserNameNotUsable = new("UserNameNotUsable", WaErrorCategory.InvalidArgument, Text);
    internal static readonly WaErrorKind UserCannotBeRemoved = new("UserCannotBeRemoved", WaErrorCategory.InvalidOperation, Text);
}
