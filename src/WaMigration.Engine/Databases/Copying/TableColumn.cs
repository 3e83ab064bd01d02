namespace WaMigration.Databases.Copying;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name, quoted for statements.</param>
/// <param name="Type">The type's full name.</param>
/// <param name="IsStored">Its values are copied; false for what the server computes.</param>
/// <param name="IsPortable">Its values may travel in the engine's binary format between servers of one major version.</param>
/// <param name="Digest">The expressions whose hash stands for the value, exactly.</param>
internal sealed record TableColumn(string Name, string Type, bool IsStored, bool IsPortable, string Digest);
