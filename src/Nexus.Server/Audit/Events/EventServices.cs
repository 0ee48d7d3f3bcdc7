using Nexus.Redaction;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>Wires the log and the one way into it.</summary>
internal static class EventServices
{
    private const string PseudonymKey = "pseudonyms";

    public static void AddEventLog(this IServiceCollection services, PiiOptions options)
    {
        // Sizes are read across tenants, since the signer must know which logs have grown. Triggers say what may become of the mutable
        // columns.
        services.AddTables(
            typeof(EventServices),
            new TableDeclaration("events") { MutableColumns = ["content", "salt", "actor_id", "subject_id", "surface"] },
            new TableDeclaration("log_tiles") { MutableColumns = ["hashes"] },
            new TableDeclaration("log_heads") { CrossTenant = CrossTenantAccess.Read });
        services.AddBatchState(scope => new LogBatchState(scope));
        services.AddSecretKey(PseudonymKey);
        services.AddSingleton(
            provider =>
                new Redactor(options.Pseudonyms ? new Pseudonyms(provider.GetRequiredService<SecretStore>().GetKey(PseudonymKey)) : null));
        services.AddSingleton<EventLog>().AddSingleton<ContentEraser>();
        services.AddSingleton<LogWatcher>().AddHostedService(provider => provider.GetRequiredService<LogWatcher>());
    }
}
