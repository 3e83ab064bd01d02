namespace WaLab.Servers;

/// <summary>A real database server that labs put their clients' databases on.</summary>
public interface ILabDatabaseServer : IAsyncDisposable
{
    /// <summary>Which one it is.</summary>
    LabDatabaseEngine Engine { get; }

    /// <summary>Its TCP port, on loopback and on the network that it was started for.</summary>
    int Port { get; }

    /// <summary>A connection string for one of its databases, as superuser.</summary>
    string ConnectionString(string database);
}
