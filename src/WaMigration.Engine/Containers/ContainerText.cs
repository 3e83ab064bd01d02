namespace WaMigration.Containers;

/// <summary>Texts of this area that are not errors of their own.</summary>
internal static class ContainerText
{
    internal static readonly TextCatalog Catalog = new("WaMigration.Containers.ContainerText");
}
