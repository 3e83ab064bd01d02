namespace WaMigration.Databases.Copying;

/// <summary>What a ledger says of the run that it belongs to.</summary>
/// <param name="Id">The run.</param>
/// <param name="Source">The identity of the source's server, and the database there.</param>
/// <param name="Model">The fingerprint of the source's objects.</param>
/// <param name="IsUpdate">It only catches up.</param>
/// <param name="Tables">The tables left out, as they were given.</param>
internal sealed record CopyRun(string Id, string Source, string Model, bool IsUpdate, string Tables);
