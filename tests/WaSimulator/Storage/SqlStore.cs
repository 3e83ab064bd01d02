using System.Data;
using System.Data.Common;

namespace WaSimulator.Storage;

/// <summary>One database with its own small pool.</summary>
internal sealed class SqlStore(DbDataSource source, ISqlDialect dialect, CancellationToken cut) : SqlSession(dialect), IStore
{
    private const int Tries = 5;

    public async Task<T> TransactAsync<T>(Func<IStoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        return await RunAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
                var result = await work(new Bound(connection, transaction, Dialect, token));
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
    }

    protected override async Task<T> RunAsync<T>(
        Func<DbConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
        for (var attempt = 1; ; attempt++)
        {
            await using var connection = await source.OpenConnectionAsync(either.Token);
            try
            {
                return await work(connection, either.Token);
            }
            catch (DbException problem) when (attempt < Tries && Dialect.IsUndone(problem))
            {
                // The server undid all of it: once more.
                await Task.Delay(Random.Shared.Next(5, 30), either.Token);
            }
        }
    }

    private sealed class Bound(DbConnection connection, DbTransaction transaction, ISqlDialect dialect, CancellationToken limit)
        : SqlSession(dialect)
    {
        protected override DbTransaction Transaction => transaction;

        protected override Task<T> RunAsync<T>(
            Func<DbConnection, CancellationToken, Task<T>> work,
            CancellationToken cancellationToken) => work(connection, limit);
    }
}
