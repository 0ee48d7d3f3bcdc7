using Nexus.Server.Agents.Maybes;
using Nexus.Server.Agents.Memory;
using Nexus.Server.Audit;
using Nexus.Server.FeatureFlags;
using Nexus.Server.Identity;
using Nexus.Server.Knowledge;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Privacy;

namespace Nexus.Server;

/// <summary>Wires the service: what it is made of, and in which order a request meets it.</summary>
public static class Program
{
    /// <summary>Opens the store and builds the service; the caller starts it.</summary>
    /// <exception cref="Platform.Storage.StartupException">Something the operator can mend, in words for them.</exception>
    public static async Task<WebApplication> BuildAsync(ServeOptions serve)
    {
        var builder = HostSetup.CreateBuilder(serve, out var options, out var folder);
        var services = builder.Services;
        services.AddIdempotency();
        services.AddAudit(options.Log, options.Pii, options.PublicUrl, folder);
        services.AddIdentity(options.Auth, options.Init);
        services.AddAdmission(options.RateLimits, options.Quotas);
        services.AddKnowledge(options.Blobs, options.Embeddings, folder);
        services.AddMemory();
        services.AddMaybes();
        services.AddFeatureFlags();
        services.AddPrivacy(options.Privacy, folder);
        await builder.OpenStoreAsync(options, folder, serve.Clock);

        var app = builder.Build();
        app.UseNexus(options);
        app.MapHosting();
        app.MapIdentity();
        app.MapAudit();
        app.MapAdmission();
        app.MapKnowledge();
        app.MapMemory();
        app.MapMaybes();
        app.MapFeatureFlags();
        app.MapPrivacy();
        return app;
    }
}
