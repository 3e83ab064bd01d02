using System.Globalization;
using Npgsql;
using WaMigration.Databases.Copying;
using WaMigration.Databases.Postgres.Schema;
using static WaMigration.Databases.Postgres.PostgresRows;

namespace WaMigration.Databases.Postgres.Copying;

/// <summary>What is asked of a PostgreSQL server before databases on it are opened.</summary>
internal sealed class PostgresServer(WaDatabaseServer server) : ICopyServer
{
    private const int OldestMajor = 14;
    private const int NewestMajor = 17;
    private readonly string application = PostgresConnections.ApplicationPrefix + Guid.NewGuid().ToString("N").Substring(0, 8);

    public WaDatabaseServer Description => server;

    public async Task<ServerFacts> FactsAsync(Operation operation)
    {
        var address = server.Server + ":" + server.Port.ToString(CultureInfo.InvariantCulture);
        var facts = await PostgresConnections.AskServerAsync(server, async (connection, cancellation) =>
        {
            var version = await ValueAsync<string>(connection, "SELECT current_setting('server_version')", cancellation).ConfigureAwait(false);
            var number = await ValueAsync<int>(connection, "SELECT current_setting('server_version_num')::int", cancellation).ConfigureAwait(false);
            var identity = await ValueAsync<bool>(connection, "SELECT has_function_privilege('pg_control_system()', 'execute')", cancellation).ConfigureAwait(false)
                ? await ValueAsync<string>(connection, "SELECT system_identifier::text FROM pg_control_system()", cancellation).ConfigureAwait(false)
                : null;

            // Copies of a data folder share an identifier; the time of the last start tells them apart.
            identity ??= string.Empty;
            var start = await ValueAsync<string>(connection, "SELECT extract(epoch FROM pg_postmaster_start_time())::text", cancellation).ConfigureAwait(false);
            return (Facts: new ServerFacts(address, WaDatabaseEngine.PostgreSql, version!, number / 10000, identity), Start: start!);
        }, operation).ConfigureAwait(false);
        if (facts.Facts.Major is < OldestMajor or > NewestMajor)
        {
            throw CopyErrors.DatabaseVersionNotSupported.Error(address, "PostgreSQL " + facts.Facts.Version, OldestMajor, NewestMajor);
        }

        Running = facts.Start;
        return facts.Facts;
    }

    /// <summary>When it was started, which tells two servers made of one data folder apart while both run.</summary>
    public string Running { get; private set; } = string.Empty;

    public async Task<IReadOnlyCollection<string>> ExistingAsync(IReadOnlyCollection<string> databases, Operation operation) => await PostgresConnections.AskServerAsync(
        server,
        (connection, cancellation) => ListAsync(connection, "SELECT datname FROM pg_database WHERE datname IN (" + Literals(databases) + ")", row => row.GetString(0), cancellation),
        operation).ConfigureAwait(false);

    public async Task<IReadOnlyList<ForeignSession>> SessionsAsync(IReadOnlyCollection<string> databases, Operation operation) =>
        await PostgresQuestions.SessionsAsync(server, databases, operation).ConfigureAwait(false);

    public async Task<IReadOnlyList<IReadOnlyList<string>>> MissingAsync(IReadOnlyList<DatabaseModel> models, Operation operation)
    {
        var extensions = models.SelectMany(model => model.Objects).Where(item => item.Kind == "extension").Select(item => item.Name).Distinct().ToList();
        var roles = models.SelectMany(model => model.Roles).Distinct().ToList();
        var (versions, known) = await PostgresConnections.AskServerAsync(
            server,
            async (connection, cancellation) =>
            {
                var versions = extensions.Count == 0 ? [] : await ListAsync(connection, "SELECT quote_ident(name), quote_literal(version) FROM pg_available_extension_versions WHERE quote_ident(name) IN (" + Literals(extensions) + ")", row => (Name: row.GetString(0), Version: row.GetString(1)), cancellation).ConfigureAwait(false);
                var known = roles.Count == 0 ? [] : await ListAsync(connection, "SELECT rolname FROM pg_roles WHERE rolname IN (" + Literals(roles) + ")", row => row.GetString(0), cancellation).ConfigureAwait(false);
                return (versions.ToLookup(one => one.Name, one => one.Version), known);
            },
            operation).ConfigureAwait(false);
        return [.. models.Select(model => (IReadOnlyList<string>)[.. MissingExtensions(model, versions), .. model.Roles.Except(known).Select(role => "role " + role)])];
    }

    public async Task CreateAsync(string database, IReadOnlyDictionary<string, string> properties, Operation operation)
    {
        var statement = "CREATE DATABASE " + Quote(database) + " TEMPLATE template0 ENCODING " + Literal(properties["encoding"])
            + " LC_COLLATE " + Literal(properties["collate"]) + " LC_CTYPE " + Literal(properties["ctype"])
            + (properties["provider"] == "i" ? " LOCALE_PROVIDER icu ICU_LOCALE " + Literal(properties["locale"]) : string.Empty)
            + " CONNECTION LIMIT " + properties["connection limit"];
        await PostgresConnections.AskServerAsync(server, async (connection, cancellation) =>
        {
            try
            {
                await RunAsync(connection, statement, cancellation).ConfigureAwait(false);
            }
            catch (PostgresException failure)
            {
                throw failure.SqlState == PostgresErrorCodes.InsufficientPrivilege
                    ? CopyErrors.DatabasePrivilegeMissing.Error(server.Server + "/" + database, failure, [], server.UserName, failure.MessageText)
                    : CopyErrors.ObjectNotMade.Error("database " + database, failure, [statement], failure.MessageText);
            }

            return true;
        }, operation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ICopySource>> OpenSourcesAsync(IReadOnlyList<string> databases, ServerFacts facts, bool includeOwner, int workers, Operation operation)
    {
        // All at once: an outage may wait for the round trips of each.
        var opening = databases.Select(database => PostgresSessions.OpenAsync(server, database, application, isSource: true, operation)).ToList();
        try
        {
            var opened = await Task.WhenAll(opening).ConfigureAwait(false);
            var cut = await PostgresMoment.AlignAsync(opened, operation).ConfigureAwait(false);
            return await Task.WhenAll(opened.Select(sessions => OpenSourceAsync(sessions, facts, includeOwner, cut, operation))).ConfigureAwait(false);
        }
        catch
        {
            foreach (var sessions in opening.Where(one => one.Status == TaskStatus.RanToCompletion))
            {
                sessions.Result.Dispose();
            }

            throw;
        }
    }

    private static string Literals(IEnumerable<string> names) => string.Join(", ", names.Select(Literal));

    /// <summary>One is made in the version that the source has: another could behave otherwise.</summary>
    private static IEnumerable<string> MissingExtensions(DatabaseModel model, ILookup<string, string> versions) => model.Objects
        .Where(item => item.Kind == "extension" && !versions[item.Name].Any(version => item.Statements[0].EndsWith(" VERSION " + version, StringComparison.Ordinal)))
        .Select(item => versions.Contains(item.Name) ? DatabaseText.Catalog.Format("ExtensionVersionMissing", item.Statements[0], string.Join(", ", versions[item.Name])) : item.Key);

    private async Task<ICopySource> OpenSourceAsync(PostgresSessions sessions, ServerFacts facts, bool includeOwner, string? cut, Operation operation) =>
        await PostgresSource.OpenAsync(sessions, facts, server.UserName, includeOwner, cut, operation.Cancellation).ConfigureAwait(false);

    public async Task<ICopyTarget> OpenTargetAsync(string database, ServerFacts facts, Operation operation) =>
        await PostgresTarget.OpenAsync(server, facts, database, application, operation).ConfigureAwait(false);

    public bool IsEmpty(DatabaseModel model) =>
        model.Tables.Count == 0 && model.Objects.All(item => item is { Kind: "schema", Name: "public" } or { Kind: "extension", Name: "plpgsql" });
}
