namespace WaMigration.Databases.Copying;

/// <summary>A database server, in the words of its engine.</summary>
internal interface ICopyServer
{
    /// <summary>As it was given.</summary>
    WaDatabaseServer Description { get; }

    /// <summary>What it says of itself. Refused where its version is not known to be read right.</summary>
    Task<ServerFacts> FactsAsync(Operation operation);

    /// <summary>Together with the identity: the same for the same running server, however it is reached.</summary>
    string Running { get; }

    /// <summary>Those of these databases that are there.</summary>
    Task<IReadOnlyCollection<string>> ExistingAsync(IReadOnlyCollection<string> databases, Operation operation);

    /// <summary>Sessions of others on these databases.</summary>
    Task<IReadOnlyList<ForeignSession>> SessionsAsync(IReadOnlyCollection<string> databases, Operation operation);

    /// <summary>What each of the databases needs and this server does not have, in their order: extensions, roles.</summary>
    Task<IReadOnlyList<IReadOnlyList<string>>> MissingAsync(IReadOnlyList<DatabaseModel> models, Operation operation);

    /// <summary>Makes an empty database with these properties.</summary>
    Task CreateAsync(string database, IReadOnlyDictionary<string, string> properties, Operation operation);

    /// <summary>
    /// Opens databases for reading, in this order. All of them are as they were at one moment where the server has one
    /// (each source says so); else each by itself.
    /// </summary>
    /// <param name="databases">Their names.</param>
    /// <param name="facts">What the server says of itself.</param>
    /// <param name="includeOwner">Owners and grants are read, too.</param>
    /// <param name="workers">How many will read at once while others write; 0 where nobody writes, so that any moment is the same.</param>
    /// <param name="operation">The frame.</param>
    Task<IReadOnlyList<ICopySource>> OpenSourcesAsync(IReadOnlyList<string> databases, ServerFacts facts, bool includeOwner, int workers, Operation operation);

    Task<ICopyTarget> OpenTargetAsync(string database, ServerFacts facts, Operation operation);

    /// <summary>Whether nothing of anybody is in it.</summary>
    bool IsEmpty(DatabaseModel model);
}
