using WaMigration.Containers;

namespace WaMigration.Setups.Tokens;

/// <summary>Compares the keys that Webapps sign tokens with (WA_WEB_JWT_CRYPTO_KEY). They are never shown.</summary>
internal static class TokenKeys
{
    /// <summary>Of the containers as they are now.</summary>
    /// <exception cref="WaException">A Docker host cannot be asked.</exception>
    internal static async Task<TokenKeyState> CompareAsync(WaSetup source, WaSetup destination, Operation operation) =>
        Compare(
            await WebappsAsync(source, operation).ConfigureAwait(false),
            await WebappsAsync(destination, operation).ConfigureAwait(false));

    /// <summary>Of definitions, for a client that is removed already or is yet to be made.</summary>
    internal static TokenKeyState Compare(IReadOnlyCollection<ContainerDefinition> source, IReadOnlyCollection<ContainerDefinition> destination)
    {
        if (source.Count == 0 || destination.Count == 0)
        {
            return TokenKeyState.Unknown;
        }

        var old = KeysOf(source);
        var own = KeysOf(destination);
        if (old.Count > 1 || own.Count > 1)
        {
            // Within one client: its tokens are good at one of its Webapps and not at the other.
            return TokenKeyState.Different;
        }

        return (old[0], own[0]) switch
        {
            (null, null) => Images(source, destination),
            (null, _) or (_, null) => TokenKeyState.SetOnOneSide,
            var (first, second) => string.Equals(first, second, StringComparison.Ordinal) ? TokenKeyState.Equal : TokenKeyState.Different,
        };
    }

    private static async Task<IReadOnlyList<ContainerDefinition>> WebappsAsync(WaSetup setup, Operation operation)
    {
        if (setup.DockerHosts.Count == 0)
        {
            return [];
        }

        var inventory = await ClientInventory.ReadAsync(setup, operation).ConfigureAwait(false);
        return inventory.OfRole(WaNodeRole.Webapp).Select(webapp => webapp.Detail.Definition).ToList();
    }

    private static List<string?> KeysOf(IEnumerable<ContainerDefinition> webapps) => webapps
        .Select(webapp => webapp.Variable(ClientVariables.TokenKey) is { Length: > 0 } key ? key : null)
        .Distinct(StringComparer.Ordinal)
        .ToList();

    /// <summary>By the image's id, which is made of its content; a tag may be of anything.</summary>
    private static TokenKeyState Images(IEnumerable<ContainerDefinition> source, IEnumerable<ContainerDefinition> destination)
    {
        var ids = source.Concat(destination).Select(webapp => webapp.ImageId).Distinct(StringComparer.Ordinal).ToList();
        return ids.Any(id => id.Length == 0) ? TokenKeyState.Unknown
            : ids.Count == 1 ? TokenKeyState.UnsetSameImage
            : TokenKeyState.UnsetOtherImage;
    }
}
