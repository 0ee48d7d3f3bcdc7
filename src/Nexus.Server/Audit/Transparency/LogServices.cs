namespace Nexus.Server.Audit.Transparency;

/// <summary>What signing a log is made of.</summary>
internal static class LogServices
{
    /// <summary>Adds the services.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="options">The section <c>Nexus:Log</c>.</param>
    /// <param name="name">What the logs are called.</param>
    /// <param name="folder">Where what was signed is kept outside the database.</param>
    public static void AddLog(this IServiceCollection services, LogOptions options, LogName name, string folder)
    {
        services.AddSingleton(options).AddSingleton(name).AddSingleton(new SignedFolder(folder)).AddSingleton<LogHealth>();
        services.AddSingleton<LogKeys>().AddSingleton<CheckpointSigner>().AddSingleton<LogEpochs>();
        services.AddSingleton<CheckpointSinks>().AddHostedService(provider => provider.GetRequiredService<CheckpointSinks>());
        services.AddSingleton<CheckpointPublisher>().AddHostedService(provider => provider.GetRequiredService<CheckpointPublisher>());
        services.AddSingleton<ContentRetention>().AddHostedService(provider => provider.GetRequiredService<ContentRetention>());
    }
}
