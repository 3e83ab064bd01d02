using System.Globalization;

namespace WaSimulator.Storage;

/// <summary>Shorter forms of common reads.</summary>
internal static class StoreExtensions
{
    public static async Task<T?> FirstAsync<T>(
        this IStoreSession session,
        string sql,
        Func<System.Data.Common.DbDataReader, T> read,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
        where T : class
    {
        var rows = await session.QueryAsync(sql, read, cancellationToken, parameters);
        return rows.Count == 0 ? null : rows[0];
    }

    public static async Task<long> CountAsync(
        this IStoreSession session,
        string sql,
        CancellationToken cancellationToken,
        params (string Name, object? Value)[] parameters)
    {
        var rows = await session.QueryAsync(
            sql, reader => Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture), cancellationToken, parameters);
        return rows.Count == 0 ? 0 : rows[0];
    }

    public static string? TextOrNull(this System.Data.Common.DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
}
