using Nexus.Server.Platform.Storage.Postgres;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Platform.Storage;

/// <summary>An open database with the secrets it keeps.</summary>
/// <param name="Database">On either engine.</param>
/// <param name="Secrets">Opened by the master key, which has been tried.</param>
internal sealed record DataStore(Database Database, SecretStore Secrets)
{
    /// <summary>Opens the store that the settings name. What fails leaves nothing open.</summary>
    /// <param name="options">Which engine.</param>
    /// <param name="masterKey">The setting; null: the data folder's file.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="parts">Makes what the writes of a batch share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">For what happens below. A store whose disk fails disposes of it, so that the reason is written before the process ends.</param>
    /// <exception cref="StartupException">In words for the operator.</exception>
    public static async Task<DataStore> OpenAsync(
        DatabaseOptions options, string? masterKey, string folder, Func<Scope, IReadOnlyList<IBatchState>> parts, TimeProvider time, ILoggerFactory logs)
    {
        var key = SecretStore.LoadOrCreateMasterKey(masterKey, folder);
        Database database = options.Engine == "postgres"
            ? await PostgresDatabase.OpenAsync(options.ConnectionString!, parts, time, logs.CreateLogger<PostgresDatabase>())
            : await SqliteDatabase.OpenAsync(folder, parts, time, logs);
        try
        {
            var secrets = new SecretStore(database, key, time);
            await secrets.GetOrCreateKeyAsync("master-key-check", CancellationToken.None);
            return new DataStore(database, secrets);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
