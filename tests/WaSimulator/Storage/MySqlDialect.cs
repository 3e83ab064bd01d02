using System.Data.Common;
using MySqlConnector;

namespace WaSimulator.Storage;

/// <summary>MySQL and MariaDB.</summary>
internal sealed class MySqlDialect : ISqlDialect
{
    public static MySqlDialect Instance { get; } = new();

    public string Now => "cast(unix_timestamp(sysdate(3)) * 1000 as signed)";

    public string CountTables => "select count(*) from information_schema.tables where table_schema = database() and table_name = @table";

    // A key takes 3072 bytes at most: 1024 characters of four bytes are too long for it, and tokens need one byte each.
    public string Ddl(string statement) => statement
        .Replace("varchar(1024) not null unique", "varchar(1024) character set ascii collate ascii_bin not null unique", StringComparison.Ordinal)
        .Replace("{id}", "bigint not null auto_increment primary key", StringComparison.Ordinal)
        .Replace("{blob}", "longblob", StringComparison.Ordinal)
        .Replace("{text}", "longtext", StringComparison.Ordinal)
        .Replace("{bool}", "tinyint(1)", StringComparison.Ordinal);

    public string Upsert(string table, IReadOnlyList<string> key, IReadOnlyList<string> values) =>
        $"{SqlText.Insert(table, [.. key, .. values])} on duplicate key update " +
        string.Join(", ", values.Select(column => $"{column} = @{column}"));

    public string InsertMissing(string table, IReadOnlyList<string> key, IReadOnlyList<string> columns) => SqlText.Insert(table, columns);

    public bool IsDuplicate(DbException problem) => problem is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    public bool IsMadeBefore(DbException problem) => problem is MySqlException
    {
        ErrorCode: MySqlErrorCode.TableExists or MySqlErrorCode.DuplicateKeyName or MySqlErrorCode.DuplicateFieldName,
    };

    public bool IsUndone(DbException problem) =>
        problem is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout };
}
