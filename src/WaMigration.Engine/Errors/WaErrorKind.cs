namespace WaMigration;

/// <summary>
/// One entry of the list of errors: id, category, and where its texts are. An area declares its kinds as static
/// fields; <c>about_WaMigration_Errors</c> and a test list them all.
/// </summary>
public sealed class WaErrorKind
{
    private readonly TextCatalog text;

    internal WaErrorKind(string id, WaErrorCategory category, TextCatalog text)
    {
        Id = id;
        Category = category;
        this.text = text;
    }

    /// <summary>The stable id.</summary>
    public string Id { get; }

    /// <summary>The category.</summary>
    public WaErrorCategory Category { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>
    /// Makes the error. Its message is the resource <c>Id</c>, its remedy the resource <c>Id_Remedy</c>; both are
    /// formatted with the same arguments, of which the target is {0}.
    /// </summary>
    internal WaException Error(string target, params object?[] args) => Error(target, null, [], args);

    internal WaException Error(string target, Exception? inner, IReadOnlyList<string> evidence, params object?[] args)
    {
        object?[] all = [target, .. args];
        return new WaException(this, text.Format(Id, all), text.Format(Id + "_Remedy", all), target, evidence, inner);
    }
}
