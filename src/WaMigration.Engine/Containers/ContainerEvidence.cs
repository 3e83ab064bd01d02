namespace WaMigration.Containers;

/// <summary>What is shown of a container that failed.</summary>
internal static class ContainerEvidence
{
    internal const int LogLines = 20;
}
