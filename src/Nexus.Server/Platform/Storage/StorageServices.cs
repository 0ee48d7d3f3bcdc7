using System.Security.Cryptography;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// Opens the store for the services that need it. What a slice needs of the store before it opens (keys, state shared by a batch) it
/// declares beside its other services; opening reads the declarations, so the slices are added first.
/// </summary>
internal static class StorageServices
{
    /// <summary>
    /// Declares the tables that a room owns: it alone names them in SQL (Architecture/TableOwnershipTests). A declaration also says what
    /// PostgreSQL's row-level security allows beyond one tenant at a time.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="owner">A type of the room.</param>
    /// <param name="tables">The tables.</param>
    public static void AddTables(this IServiceCollection services, Type owner, params ReadOnlySpan<TableDeclaration> tables)
    {
        foreach (var table in tables)
        {
            services.AddSingleton(table with { Owner = owner.Namespace! });
        }
    }

    /// <summary>Declares state that the writes of one batch and scope share.</summary>
    public static void AddBatchState(this IServiceCollection services, Func<Scope, IBatchState> create) =>
        services.AddSingleton(new BatchStateDeclaration(create));

    /// <summary>
    /// Declares a symmetric key that a service needs when it is constructed: <see cref="SecretStore.GetKey"/> has it then.
    /// </summary>
    public static void AddSecretKey(this IServiceCollection services, string name) =>
        services.AddSecret(name, () => RandomNumberGenerator.GetBytes(32));

    /// <summary>Declares a secret that a service needs when it is constructed.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Such as <c>cursors</c>.</param>
    /// <param name="create">Creates it at the first start of a database.</param>
    public static void AddSecret(this IServiceCollection services, string name, Func<byte[]> create) =>
        services.AddSingleton(new SecretDeclaration(name, create));

    /// <summary>Opens the database and adds it with its secrets. The last of the slices' services must be there already.</summary>
    /// <exception cref="StartupException">The store cannot be opened, in words for the operator.</exception>
    public static async Task AddStoreAsync(
        this IServiceCollection services, DatabaseOptions options, string? masterKey, string folder, TimeProvider time, ILoggerFactory logs)
    {
        var batchStates = GetDeclared<BatchStateDeclaration>(services);
        services.AddTables(typeof(StorageServices), new TableDeclaration("secrets"));
        var tables = GetDeclared<TableDeclaration>(services);
        var (database, secrets) = await DataStore.OpenAsync(
            options,
            masterKey,
            folder,
            tables,
            scope => Array.ConvertAll(batchStates, state => state.Create(scope)),
            time,
            logs);
        services.AddSingleton(_ => database).AddSingleton(secrets);
        foreach (var secret in GetDeclared<SecretDeclaration>(services))
        {
            await secrets.GetOrCreateAsync(secret.Name, secret.Create, CancellationToken.None);
        }
    }

    private static T[] GetDeclared<T>(IServiceCollection services)
        where T : class =>
        [.. services.Where(service => service.ServiceType == typeof(T)).Select(service => (T)service.ImplementationInstance!)];

    private sealed record BatchStateDeclaration(Func<Scope, IBatchState> Create);

    private sealed record SecretDeclaration(string Name, Func<byte[]> Create);
}
