using System.Globalization;
using System.Text.RegularExpressions;
using MySqlConnector;
using WaMigration.Databases.Copying;
using static WaMigration.Databases.MySql.MySqlRows;

namespace WaMigration.Databases.MySql.Copying;

/// <summary>What is asked of a MySQL or MariaDB server before databases on it are opened. Which of both it is, it says itself.</summary>
internal sealed class MySqlServer(WaDatabaseServer server) : ICopyServer
{
    private static readonly Regex Numbers = new(@"^(?:5\.5\.5-)?(\d+)\.(\d+)", RegexOptions.CultureInvariant);

    /// <summary>One oversize row at a time in the whole process.</summary>
    private readonly OneByOne large = new();

    public WaDatabaseServer Description => server;

    public string Running { get; private set; } = string.Empty;

    public async Task<ServerFacts> FactsAsync(Operation operation)
    {
        var facts = await MySqlConnections.AskAsync(server, async (connection, cancellation) =>
        {
            var version = (await TextAsync(connection, "SELECT VERSION()", cancellation).ConfigureAwait(false))!;
            var numbers = Numbers.Match(version);
            var engine = version.Has("MariaDB") ? WaDatabaseEngine.MariaDb : WaDatabaseEngine.MySql;
            var major = (int.Parse(numbers.Groups[1].Value, CultureInfo.InvariantCulture) * 100) + int.Parse(numbers.Groups[2].Value, CultureInfo.InvariantCulture);
            return new ServerFacts(MySqlConnections.Address(server), engine, version, major, await MySqlQuestions.IdentityAsync(connection, cancellation).ConfigureAwait(false));
        }, operation).ConfigureAwait(false);
        var (oldest, newest) = facts.Engine == WaDatabaseEngine.MariaDb ? (1005, 1299) : (800, 999);
        if (facts.Major < oldest || facts.Major > newest)
        {
            throw CopyErrors.DatabaseVersionNotSupported.Error(facts.Address, facts.Engine + " " + facts.Version, oldest / 100.0m, newest / 100);
        }

        Running = facts.Identity;
        return facts;
    }

    public async Task<IReadOnlyCollection<string>> ExistingAsync(IReadOnlyCollection<string> databases, Operation operation) => await MySqlConnections.AskAsync(
        server,
        async (connection, cancellation) =>
        {
            // As they were asked for: a server may take names in any case.
            var there = await ListAsync(connection, "SELECT schema_name FROM information_schema.schemata WHERE schema_name IN (" + string.Join(", ", databases.Select(Literal)) + ")", row => row.GetString(0), cancellation).ConfigureAwait(false);
            return databases.Where(database => there.Contains(database, StringComparer.OrdinalIgnoreCase)).ToList();
        },
        operation).ConfigureAwait(false);

    public async Task<IReadOnlyList<ForeignSession>> SessionsAsync(IReadOnlyCollection<string> databases, Operation operation) =>
        await MySqlQuestions.SessionsAsync(server, databases, operation).ConfigureAwait(false);

    public Task<IReadOnlyList<IReadOnlyList<string>>> MissingAsync(IReadOnlyList<DatabaseModel> models, Operation operation) => MySqlConnections.AskAsync<IReadOnlyList<IReadOnlyList<string>>>(
        server,
        async (connection, cancellation) =>
        {
            var missing = new List<IReadOnlyList<string>>();
            foreach (var model in models)
            {
                missing.Add(await MySqlRequirements.MissingAsync(connection, MySqlConnections.Address(server), model, cancellation).ConfigureAwait(false));
            }

            await MySqlRequirements.WarnIfSlowAsync(connection, MySqlConnections.Address(server), operation.Console, cancellation).ConfigureAwait(false);
            return missing;
        },
        operation);

    public async Task CreateAsync(string database, IReadOnlyDictionary<string, string> properties, Operation operation)
    {
        var statement = "CREATE DATABASE " + Quote(database) + " CHARACTER SET " + properties["character set"] + " COLLATE " + properties["collation"];
        await MySqlConnections.AskAsync(server, async (connection, cancellation) =>
        {
            try
            {
                await RunAsync(connection, statement, cancellation).ConfigureAwait(false);
            }
            catch (MySqlException failure) when (!MySqlConnections.IsConnection(failure))
            {
                throw failure.Number is 1044 or 1227
                    ? CopyErrors.DatabasePrivilegeMissing.Error(MySqlConnections.Address(server) + "/" + database, failure, [], server.UserName, failure.Message)
                    : CopyErrors.ObjectNotMade.Error("database " + database, failure, [statement], failure.Message);
            }

            return true;
        }, operation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ICopySource>> OpenSourcesAsync(IReadOnlyList<string> databases, ServerFacts facts, bool includeOwner, int workers, Operation operation)
    {
        // With nobody else there every moment is the same.
        var snapshots = workers > 0 ? await new MySqlMoment(server, facts.Engine, databases, operation).TakeAsync(workers).ConfigureAwait(false) : null;
        using var held = snapshots?.Share();

        // All at once, since an outage may wait for the round trips of each; those that share sessions one by one.
        var opening = new List<Task<ICopySource>>();
        try
        {
            foreach (var database in databases)
            {
                opening.Add(OpenSourceAsync(database, facts, includeOwner, snapshots, operation));
                await (snapshots is null ? Task.CompletedTask : opening[opening.Count - 1]).ConfigureAwait(false);
            }

            return await Task.WhenAll(opening).ConfigureAwait(false);
        }
        catch
        {
            foreach (var source in opening.Where(one => one.Status == TaskStatus.RanToCompletion))
            {
                source.Result.Dispose();
            }

            throw;
        }
    }

    private async Task<ICopySource> OpenSourceAsync(string database, ServerFacts facts, bool includeOwner, MySqlSnapshots? snapshots, Operation operation) =>
        await MySqlSource.OpenAsync(server, facts, database, includeOwner, large, snapshots, operation.Cancellation).ConfigureAwait(false);

    public async Task<ICopyTarget> OpenTargetAsync(string database, ServerFacts facts, Operation operation) =>
        await MySqlTarget.OpenAsync(server, facts, database, large, operation).ConfigureAwait(false);

    public bool IsEmpty(DatabaseModel model) => model.Tables.Count == 0 && model.Objects.All(item => item.Kind == SchemaObject.PrivilegesKind) && model.NotCarried.Count == 0;
}
