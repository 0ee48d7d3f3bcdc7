namespace Nexus.Server.Audit.Transparency;

internal static class LogServices
{
    /// <summary>Adds the services of the transparency log.</summary>
    /// <param name="options">The section <c>Nexus:Log</c>.</param>
    /// <param name="folder">The folder outside the database where signed checkpoints are kept.</param>
    public static void AddTransparencyLog(this IServiceCollection services, LogOptions options, LogName name, string folder)
    {
        services.AddSingleton(options).AddSingleton(name).AddSingleton(new SignedCheckpointFolder(folder)).AddSingleton<LogHealth>();
        services.AddSingleton<LogKeyStore>().AddSingleton<CheckpointSigner>().AddSingleton<LogEpochs>();
        services.AddSingleton<CheckpointSinkService>().AddHostedService(provider => provider.GetRequiredService<CheckpointSinkService>());
        services.AddSingleton<CheckpointPublisher>().AddHostedService(provider => provider.GetRequiredService<CheckpointPublisher>());
        services.AddSingleton<ContentRetentionService>().AddHostedService(provider => provider.GetRequiredService<ContentRetentionService>());
    }
}
