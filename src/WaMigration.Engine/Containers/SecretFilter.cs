namespace WaMigration.Containers;

/// <summary>Takes the secrets of a container out of lines that are shown to people.</summary>
internal sealed class SecretFilter
{
    private const string Mask = "********";

    /// <summary>Variables whose values are secrets: the client's own, and those of the usual database images beside it.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "WA_DB_PASSWORD", "WA_WEB_JWT_CRYPTO_KEY", "WA_SECRET", "WA_API_KEY", "WA_WEB_PASSWORD",
        "POSTGRES_PASSWORD", "MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_PASSWORD", "MARIADB_ROOT_PASSWORD",
    };

    private readonly List<string> secrets;

    private SecretFilter(List<string> secrets) => this.secrets = secrets;

    internal static SecretFilter For(ContainerDefinition definition)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in definition.Environment)
        {
            var at = variable.IndexOf('=');
            if (at > 0 && at < variable.Length - 1 && Names.Contains(variable.Substring(0, at)))
            {
                var value = variable.Substring(at + 1);
                found.Add(value);
                found.Add(Uri.EscapeDataString(value));
            }
        }

        // Longest first, so that a secret that holds another one goes as a whole.
        return new SecretFilter(found.OrderByDescending(secret => secret.Length).ToList());
    }

    internal string Clean(string line) =>
        secrets.Aggregate(line, (text, secret) => text.Replace(secret, Mask));
}
