using Nexus.Server.Platform.Storage.Postgres;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Platform.Storage;

/// <summary>An open database with the secrets it keeps.</summary>
/// <param name="Database">On either engine.</param>
/// <param name="Secrets">Opened by the master key, which has been tried.</param>
internal sealed record DataStore(Database Database, SecretStore Secrets)
{
    /// <summary>
    /// The file that the data folder of a running service holds: a store is there. Empty where the store and the key are both elsewhere.
    /// </summary>
    public static string GetRequiredFile(DatabaseOptions options, string? masterKey) =>
        !options.IsPostgres ? DatabaseFile.Name : masterKey is null ? SecretStore.MasterKeyFile : "";

    /// <summary>Opens the store that the settings name. What fails leaves nothing open.</summary>
    /// <param name="options">Which engine.</param>
    /// <param name="masterKey">The setting; null: the data folder's file.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="tables">The tables that the slices own.</param>
    /// <param name="createBatchStates">Makes what the writes of a batch share within a tenant and env.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">
    /// For what happens below. A store whose disk fails disposes of it, so that the reason is written before the process ends.
    /// </param>
    /// <exception cref="StartupException">In words for the operator.</exception>
    public static async Task<DataStore> OpenAsync(
        DatabaseOptions options,
        string? masterKey,
        string folder,
        IReadOnlyList<TableDeclaration> tables,
        Func<Scope, IReadOnlyList<IBatchState>> createBatchStates,
        TimeProvider time,
        ILoggerFactory logs)
    {
        var key = SecretStore.LoadOrCreateMasterKey(masterKey, folder);
        Database database = options.IsPostgres
            ? await PostgresDatabase.OpenAsync(
                options.ConnectionString!,
                tables,
                createBatchStates,
                time,
                logs.CreateLogger<PostgresDatabase>())
            : await SqliteDatabase.OpenAsync(folder, createBatchStates, time, logs);
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
