namespace WaSimulator.Storage;

/// <summary>One database of the client, by its logical name (without the prefix).</summary>
internal interface IStore : IStoreSession
{
    /// <summary>Runs statements in one transaction, which is undone when the work throws.</summary>
    Task<T> TransactAsync<T>(Func<IStoreSession, Task<T>> work, CancellationToken cancellationToken);
}
