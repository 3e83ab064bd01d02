using Npgsql;

namespace WaSimulator.Storage;

/// <summary>One PostgreSQL database with its own small pool.</summary>
internal sealed class PostgresStore(NpgsqlDataSource source, CancellationToken cut) : PostgresSession, IStore
{
    public async Task<T> TransactAsync<T>(Func<IStoreSession, Task<T>> work, CancellationToken cancellationToken)
    {
        return await RunAsync(
            async (connection, token) =>
            {
                await using var transaction = await connection.BeginTransactionAsync(token);
                var result = await work(new Bound(connection, token));
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
    }

    protected override async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> work,
        CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
        await using var connection = await source.OpenConnectionAsync(either.Token);
        return await work(connection, either.Token);
    }

    private sealed class Bound(NpgsqlConnection connection, CancellationToken limit) : PostgresSession
    {
        protected override Task<T> RunAsync<T>(
            Func<NpgsqlConnection, CancellationToken, Task<T>> work,
            CancellationToken cancellationToken) => work(connection, limit);
    }
}
