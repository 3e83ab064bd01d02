namespace WaMigration.Migrations.Checks;

/// <summary>
/// One thing to look at. The work gives null where there is nothing to look at from here: the side is the other
/// company's, or the old client is on its way out already.
/// </summary>
internal sealed record MigrationCheck(string Name, Func<CheckContext, Task<CheckFinding?>> Look);
