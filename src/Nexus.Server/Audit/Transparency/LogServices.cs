namespace Nexus.Server.Audit.Transparency;

/// <summary>What signing a log is made of.</summary>
internal static class LogServices
{
    /// <summary>Adds the services.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="options">The section <c>Nexus:Log</c>.</param>
    /// <param name="name">What the logs are called.</param>
    /// <param name="folder">Where what was signed is kept outside the database.</param>
    public static void AddTransparencyLog(this IServiceCollection services, LogOptions options, LogName name, string folder)
    {
        services.AddSingleton(options).AddSingleton(name).AddSingleton(new SignedCheckpointFolder(folder)).AddSingleton<LogHealth>();
        services.AddSingleton<LogKeyStore>().AddSingleton<CheckpointSigner>().AddSingleton<LogEpochs>();
        services.AddSingleton<CheckpointSinkService>().AddHostedService(provider => provider.GetRequiredService<CheckpointSinkService>());
        services.AddSingleton<CheckpointPublisher>().AddHostedService(provider => provider.GetRequiredService<CheckpointPublisher>());
        services.AddSingleton<ContentRetentionService>().AddHostedService(provider => provider.GetRequiredService<ContentRetentionService>());
    }
}
