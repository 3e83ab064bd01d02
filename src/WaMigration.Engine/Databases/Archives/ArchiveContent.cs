using WaMigration.Databases.Copying;

namespace WaMigration.Databases.Archives;

/// <summary>What is in an archive.</summary>
internal sealed record ArchiveContent(IReadOnlyList<ArchiveDatabase> Databases, IReadOnlyList<ArchiveFile> Files, string NamePrefix, ServerFacts Server);
