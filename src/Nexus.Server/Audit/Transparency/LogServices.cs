using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

internal static class LogServices
{
    /// <summary>Adds the services of the transparency log.</summary>
    /// <param name="options">The section <c>Nexus:Log</c>.</param>
    /// <param name="publicUrl">The service's public URL: at the first start the logs are named after it.</param>
    /// <param name="folder">Where what was signed is kept outside the database.</param>
    public static void AddTransparencyLog(this IServiceCollection services, LogOptions options, string? publicUrl, string folder)
    {
        services.AddTables(
            typeof(LogServices),
            new TableDeclaration("log_checkpoints") { MutableColumns = [], CrossTenant = CrossTenantAccess.Read },
            new TableDeclaration("log_deliveries"),
            new TableDeclaration("log_keys"));
        services.AddSecret(LogName.SecretName, () => LogName.CreateInitial(publicUrl));
        services.AddSingleton(options)
            .AddSingleton(provider => LogName.Load(provider.GetRequiredService<SecretStore>()))
            .AddSingleton(new SignedCheckpointFolder(folder))
            .AddSingleton<LogHealth>();
        services.AddSingleton<LogKeyStore>().AddSingleton<CheckpointSigner>().AddSingleton<LogEpochs>();
        services.AddSingleton<CheckpointSinkService>().AddHostedService(provider => provider.GetRequiredService<CheckpointSinkService>());
        services.AddSingleton<CheckpointPublisher>().AddHostedService(provider => provider.GetRequiredService<CheckpointPublisher>());
        services.AddSingleton<ContentRetentionService>()
            .AddHostedService(provider => provider.GetRequiredService<ContentRetentionService>());
    }
}
