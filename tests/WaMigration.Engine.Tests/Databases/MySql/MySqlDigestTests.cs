namespace WaMigration.Engine.Tests.Databases.MySql;

/// <summary>A recipe of digests stays what it is: archives and ledgers hold what it gave when they were written.</summary>
[Collection(MySqlLabServer.Collection)]
public sealed class MySqlDigestTests
{
    /// <summary>Of tables that are the same on both engines, and of those whose values each has its own way with.</summary>
    private static readonly string[] Alike =
    [
        "`binaries` 20007022889836153877", "`children` 32780170989050340719", "`composite` 28540995026699493594", "`hidden` 22337228962266887764",
        "`my_isam` 36496994898879332417", "`nothing` 0", "`parents` 17522140707235768130", "`shapes` 39280746659010860733",
        "`strange ``name``.日本` 34146389033547839237", "`texts` 37134745705872911428", "`times` 27959692218463862687",
    ];

    private static readonly string[] OfMariaDb = ["`documents` 67923900666538688922", "`kinds` 14302030553990813558", "`numbers` 39611164359122404794"];

    private static readonly string[] OfMySql = ["`documents` 56033330503248069316", "`numbers` 41096513870290623022"];

    [Theory]
    [MemberData(nameof(MySqlMuseumTests.Engines), MemberType = typeof(MySqlMuseumTests))]
    public async Task The_same_rows_have_the_same_digest_in_every_version(WaDatabaseEngine engine)
    {
        await using var lab = await MySqlCopyLab.StartMuseumAsync(engine);

        var tables = await lab.CopyAsync();

        string[] expected = [.. Alike, .. engine == WaDatabaseEngine.MySql ? OfMySql : OfMariaDb];
        Assert.Superset(expected.ToHashSet(), tables.Select(table => table.Table + " " + table.Digest).ToHashSet());
    }
}
