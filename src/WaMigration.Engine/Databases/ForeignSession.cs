namespace WaMigration.Databases;

/// <summary>A session on one of a client's databases that is not this module's.</summary>
internal sealed record ForeignSession(string Database, string Id, string User, string Application, string From)
{
    /// <inheritdoc/>
    public override string ToString() => DatabaseText.Catalog.Format("SessionSeen", Id, Database, User, Application.Length == 0 ? "-" : Application, From);
}
