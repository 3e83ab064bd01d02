namespace WaMigration.Containers;

/// <summary>The vendor's variables and fixed places, as its compose files use them.</summary>
internal static class ClientVariables
{
    internal const string DatabaseEngine = "WA_DB_ENGINE";
    internal const string DatabaseHost = "WA_DB_HOSTNAME";
    internal const string DatabasePort = "WA_DB_PORT";
    internal const string DatabaseUser = "WA_DB_USERNAME";
    internal const string DatabasePassword = "WA_DB_PASSWORD";
    internal const string DatabasePrefix = "WA_DB_NAME_PREFIX";
    internal const string DatabaseIdleTimeout = "WA_DB_CONNECTION_IDLE_TIMEOUT";
    internal const string DatabaseUpgrade = "WA_DB_UPGRADE";
    internal const string Multiconnect = "WA_APP_MULTICONNECT";
    internal const string Master = "WA_MASTER_NODE";
    internal const string CoreappHostname = "COREAPP_HOSTNAME";
    internal const string CoreappPorts = "COREAPP_EXTERNAL_PORTS";
    internal const string WebappHostname = "WEBAPP_HOSTNAME";
    internal const string WebappPorts = "WEBAPP_EXTERNAL_PORTS";
    internal const string SingleCoreapp = "WACORE_HOSTNAME";
    internal const string ApiKey = "WA_API_KEY";
    /// <summary>The key that a Webapp signs its tokens with.</summary>
    internal const string TokenKey = "WA_WEB_JWT_CRYPTO_KEY";

    /// <summary>What Webapp and Coreapp encrypt their talk with.</summary>
    internal const string PayloadSecret = "WA_SECRET";
    internal const string RunningVersion = "WA_RUNNING_ENV_VERSION";
    internal const string Orchestration = "ORCHESTRATION";

    /// <summary>The value of WA_DB_ENGINE for PostgreSQL; the other one is MYSQL.</summary>
    internal const string PostgresEngine = "PGSQL";
    internal const string MySqlEngine = "MYSQL";

    internal const string CoreappRepository = "coreapp";
    internal const string WebappRepository = "web";

    /// <summary>The port that a Webapp answers on inside its container.</summary>
    internal const int ApiPort = 443;

    internal const string ProjectLabel = "com.docker.compose.project";
    internal const string ServiceLabel = "com.docker.compose.service";
    internal const string NumberLabel = "com.docker.compose.container-number";
    internal const string OneOffLabel = "com.docker.compose.oneoff";
    internal const string NetworkLabel = "com.docker.compose.network";
    internal const string VolumeLabel = "com.docker.compose.volume";

    /// <summary>Our own label: the API address of the setup that a container was made for, so that it is found again behind any proxy.</summary>
    internal const string ApiLabel = "wamigration.api";

    /// <summary>Our own label: the databases were proved fresh before this container was made, to be started at once.</summary>
    internal const string FreshLabel = "wamigration.databases-fresh";

    /// <summary>Our own label: a container that only carries files of the volume that it names, and is no node of a client.</summary>
    internal const string HelperLabel = "wamigration.helper";

    /// <summary>The value of a variable; null where it is not set.</summary>
    internal static string? Variable(this ContainerDefinition definition, string name)
    {
        // As for a process: the last one of a name counts.
        for (var at = definition.Environment.Count - 1; at >= 0; at--)
        {
            var line = definition.Environment[at];
            if (line.Length > name.Length && line[name.Length] == '=' && line.StartsWith(name, StringComparison.Ordinal))
            {
                return line.Substring(name.Length + 1);
            }
        }

        return null;
    }

    internal static string? Label(this ContainerDefinition definition, string name) =>
        definition.Labels.TryGetValue(name, out var value) ? value : null;
}
