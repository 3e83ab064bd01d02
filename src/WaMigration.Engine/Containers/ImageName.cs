namespace WaMigration.Containers;

/// <summary>Takes image names apart: registry and path, last part, tag.</summary>
internal static class ImageName
{
    /// <summary>Name and tag; the tag is <c>latest</c> where none is said.</summary>
    internal static (string Name, string Tag) Split(string image)
    {
        var digest = image.IndexOf('@');
        var name = digest >= 0 ? image.Substring(0, digest) : image;
        var colon = name.LastIndexOf(':');

        // A colon before the last slash belongs to a registry's port.
        return colon > name.LastIndexOf('/')
            ? (name.Substring(0, colon), name.Substring(colon + 1))
            : (name, digest >= 0 ? image.Substring(digest + 1) : "latest");
    }

    /// <summary>The last part of the name: <c>coreapp</c> of <c>docker.whatsapp.biz/coreapp:v2.53.1</c>.</summary>
    internal static string Repository(string image)
    {
        var name = Split(image).Name;
        return name.Substring(name.LastIndexOf('/') + 1);
    }

    /// <summary>The version that the tag says, without the v; empty where it says none.</summary>
    internal static string Version(string image)
    {
        var tag = Split(image).Tag;
        var version = tag.StartsWith("v", StringComparison.OrdinalIgnoreCase) ? tag.Substring(1) : tag;
        return version.Length > 0 && char.IsDigit(version[0]) && version.IndexOf('.') > 0 ? version : string.Empty;
    }

    /// <summary>An image that is told by its id alone, since its tag went to another one.</summary>
    internal static bool IsId(string image) =>
        image.StartsWith("sha256:", StringComparison.Ordinal)
        || (image.Length is 12 or 64 && image.All(digit => digit is (>= '0' and <= '9') or (>= 'a' and <= 'f')));
}
