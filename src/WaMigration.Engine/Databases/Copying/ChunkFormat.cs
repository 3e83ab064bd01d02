namespace WaMigration.Databases.Copying;

/// <summary>How rows travel.</summary>
internal enum ChunkFormat
{
    /// <summary>The engine's text format; what archives hold.</summary>
    Text,

    /// <summary>The engine's binary format; only between servers of one major version, for portable types.</summary>
    Binary,
}
