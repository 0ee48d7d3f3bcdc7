using Microsoft.AspNetCore.Http.Json;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Hosting.OpenApi;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// What every part of the service stands on: settings, Kestrel, logging, JSON, the store, and the middleware before the routes.
/// </summary>
internal static class HostSetup
{
    /// <summary>Reads the settings and sets up what does not depend on a slice.</summary>
    /// <param name="serve">How the service was asked to run.</param>
    /// <param name="options">The section <c>Nexus</c>, validated.</param>
    /// <param name="folder">The data folder's full path.</param>
    /// <exception cref="StartupException">A setting or the folder is wrong, in words for the operator.</exception>
    public static WebApplicationBuilder CreateBuilder(ServeOptions serve, out NexusOptions options, out string folder)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "Nexus.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(serve.Settings);
        options = NexusOptions.Read(builder.Configuration);
        builder.ConfigureNexusKestrel(serve.Urls);
        builder.Logging.ClearProviders().AddNexusLogging().AddConfiguration(builder.Configuration.GetSection("Logging"));
        folder = serve.MustExist
            ? DataFolder.GetExisting(serve.DataFolder, DataStore.GetRequiredFile(options.Database, options.MasterKey))
            : DataFolder.EnsureCreated(serve.DataFolder);

        var services = builder.Services;
        services.AddSingleton(serve).AddSingleton(serve.Clock).AddSingleton(new PublicUrl(options.PublicUrl));
        services.AddPaging();
        services.AddSingleton<DemoSeeder>().AddHostedService<StartupService>();
        services.AddNexusHealthChecks();
        services.AddNexusOpenApi();
        services.AddCors();
        services.Configure<JsonOptions>(json => StrictJson.Configure(json.SerializerOptions));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>Opens the store with what the slices declared; they must all be added before.</summary>
    /// <exception cref="StartupException">The store cannot be opened, in words for the operator.</exception>
    public static Task OpenStoreAsync(this WebApplicationBuilder builder, NexusOptions options, string folder, TimeProvider time)
    {
        // The store logs before the service is built, and a store whose disk fails disposes of its logging so that the reason is written.
        var logs = LoggerFactory.Create(logging => logging.AddNexusLogging().AddConfiguration(builder.Configuration.GetSection("Logging")));
        return builder.Services.AddStoreAsync(options.Database, options.MasterKey, folder, time, logs);
    }

    /// <summary>The middleware, in the order in which a request meets it.</summary>
    public static void UseNexus(this WebApplication app, NexusOptions options)
    {
        app.UseMiddleware<ExceptionHandlingMiddleware>();
        app.UseTrustedProxies(options.Proxies);
        options.Cors.Apply(app);
        app.UseApiDocs();
        app.UseRouting();
        app.UseMiddleware<AdmissionMiddleware>();
    }

    /// <summary>Maps the API document and the health checks.</summary>
    public static void MapHosting(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapHealth();
    }
}
