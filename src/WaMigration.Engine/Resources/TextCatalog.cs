using System.Globalization;
using System.Reflection;
using System.Resources;

namespace WaMigration;

/// <summary>The texts for people of one area, from the .resx beside it, in the culture of the session.</summary>
internal sealed class TextCatalog
{
    private readonly ResourceManager resources;

    /// <param name="baseName">The resource's full name, e.g. <c>WaMigration.Api.ApiText</c>.</param>
    /// <param name="assembly">The assembly that holds it.</param>
    internal TextCatalog(string baseName, Assembly assembly) => resources = new ResourceManager(baseName, assembly);

    internal TextCatalog(string baseName)
        : this(baseName, typeof(TextCatalog).Assembly)
    {
    }

    /// <summary>The text of that name. A name that is missing is a defect, so it throws.</summary>
    internal string this[string name] => resources.GetString(name, CultureInfo.CurrentUICulture)
        ?? throw new MissingManifestResourceException($"Text '{name}' is missing in {resources.BaseName}.");

    internal string Format(string name, params object?[] args) =>
        string.Format(CultureInfo.CurrentCulture, this[name], args);
}
