using Microsoft.AspNetCore.Http.Json;
using Nexus.Redaction;
using Nexus.Server.Agents.Maybes;
using Nexus.Server.Agents.Memory;
using Nexus.Server.Audit.Events;
using Nexus.Server.Audit.Ingest;
using Nexus.Server.Audit.Queries;
using Nexus.Server.Audit.Runs;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.FeatureFlags;
using Nexus.Server.FeatureFlags.Ofrep;
using Nexus.Server.Identity;
using Nexus.Server.Knowledge.Atoms;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Knowledge.Packs;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Knowledge.Settings;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Admission.KillSwitches;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Hosting.OpenApi;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy;
using Nexus.Server.Privacy.Erasure;
using Nexus.Server.Privacy.SubjectAccess;
using Nexus.Server.Privacy.Training;

namespace Nexus.Server;

/// <summary>Wires the service: what it is made of, and in which order a request meets it.</summary>
public static class Program
{
    /// <summary>Opens the store and builds the service; the caller starts it.</summary>
    /// <exception cref="StartupException">Something the operator can mend, in words for them.</exception>
    public static async Task<WebApplication> BuildAsync(ServeOptions serve)
    {
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Nexus.Server", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(serve.Settings);
        var options = NexusOptions.Read(builder.Configuration);
        builder.ConfigureNexusKestrel(serve.Urls);
        builder.Logging.ClearProviders().AddNexusLogging().AddConfiguration(builder.Configuration.GetSection("Logging"));

        var folder = serve.MustExist ? DataFolder.GetExisting(serve.DataFolder, DataStore.GetRequiredFile(options.Database, options.MasterKey)) : DataFolder.EnsureCreated(serve.DataFolder);
        var time = serve.Clock;
        var services = builder.Services;
        services.AddSingleton(serve).AddSingleton(time).AddSingleton(new PublicUrl(options.PublicUrl)).AddSingleton(options.Auth).AddSingleton(options.Init).AddSingleton(options.RateLimits).AddSingleton(options.Quotas);

        var logs = LoggerFactory.Create(logging => logging.AddNexusLogging().AddConfiguration(builder.Configuration.GetSection("Logging")));
        IReadOnlyList<IBatchState> Parts(Scope scope) => [new LogBatchState(scope), new PreferenceBatchCache(), new UsageBatchState(scope, options.Quotas)];
        var (database, secrets) = await DataStore.OpenAsync(options.Database, options.MasterKey, folder, Parts, time, logs);
        services.AddSingleton(_ => database).AddSingleton(secrets);
        services.AddSingleton(new CursorCodec(await secrets.GetOrCreateKeyAsync("cursors", CancellationToken.None)));
        services.AddSingleton(options.Blobs);
        if (options.Blobs.Engine == "s3")
        {
            services.AddSingleton<IBlobStore>(new S3BlobStore(options.Blobs));
        }
        else
        {
            var files = new FileBlobStore(Path.Combine(folder, "blobs"), await secrets.GetOrCreateKeyAsync("uploads", CancellationToken.None));
            services.AddSingleton(files).AddSingleton<IBlobStore>(files);
        }

        services.AddIdentity(options.Auth);
        services.AddSingleton<RateLeases>().AddHostedService(provider => provider.GetRequiredService<RateLeases>());
        services.AddSingleton<NonMemberMetrics>().AddSingleton<RefusalEventAggregator>().AddHostedService(provider => provider.GetRequiredService<RefusalEventAggregator>());
        services.AddSingleton<KillSwitchStore>().AddSingleton<IGate, KillSwitchGate>().AddSingleton<IGate, RateLimitGate>().AddSingleton<IGate, QuotaGate>();
        services.AddSingleton<InFlightRequests>().AddSingleton<IdempotentWriter>().AddHostedService<IdempotencyCleanup>().AddSingleton<TrainingPreferenceService>().AddSingleton<EventLog>();
        services.AddSingleton(new Redactor(options.Pii.Pseudonyms ? new Pseudonyms(await secrets.GetOrCreateKeyAsync("pseudonyms", CancellationToken.None)) : null));
        services.AddSingleton<ContentEraser>();
        services.AddSingleton<LogWatcher>().AddHostedService(provider => provider.GetRequiredService<LogWatcher>());
        services.AddSingleton<EventStream>().AddSingleton<LogDownload>().AddSingleton<EventExport>();
        services.AddSingleton<TrainingExport>();
        services.AddSingleton<FlagCache>();
        services.AddSingleton<FlagWriter>();
        services.AddSingleton<OfrepTicketIssuer>();
        services.AddSingleton<CardStore>();
        services.AddSingleton<PackStore>();
        services.AddSingleton<MemoryStore>();
        services.AddSingleton<MaybeStore>();
        services.AddSingleton<RawAssetStore>().AddSingleton<RawAssetReaper>().AddHostedService(provider => provider.GetRequiredService<RawAssetReaper>());
        services.AddSingleton(AtomOpRegistry.BuiltIn).AddSingleton<AtomPlanner>().AddSingleton<AtomStore>();
        services.AddSingleton<LineageWalker>().AddSingleton(CardLineage.Kind).AddSingleton(PackLineage.Kind).AddSingleton(AtomLineage.Kind).AddSingleton(RawAssetLineage.Kind);
        services.AddTransparencyLog(options.Log, await LogName.LoadOrCreateAsync(secrets, options.PublicUrl, CancellationToken.None), Path.Combine(folder, "signed"));
        services.AddPrivacy(options.Privacy, secrets, folder);
        services.AddSearch(options.Embeddings, Path.Combine(folder, "search"));
        services.AddSingleton<DemoSeeder>().AddHostedService<StartupService>();
        services.AddNexusOpenApi();
        services.AddCors();
        services.Configure<JsonOptions>(json => StrictJson.Configure(json.SerializerOptions));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = true);

        var app = builder.Build();
        app.UseMiddleware<ExceptionHandlingMiddleware>();
        app.UseTrustedProxies(options.Proxies);
        options.Cors.Apply(app);
        app.UseApiDocs();
        app.UseRouting();
        app.UseMiddleware<AdmissionMiddleware>();
        app.MapOpenApi().IsOpen();
        app.MapHealth();
        app.MapIdentity();
        app.MapEvents();
        app.MapAudit();
        app.MapLog();
        app.MapKillSwitches();
        app.MapGateChecks();
        app.MapRawAssets();
        app.MapAtoms();
        app.MapCards();
        app.MapSearch();
        app.MapPacks();
        app.MapSettings();
        app.MapMemory();
        app.MapMaybes();
        app.MapRuns();
        app.MapLineage();
        app.MapFeatureFlags();
        app.MapOfrep();
        app.MapTrainingPreferences();
        app.MapTrainingExport();
        app.MapErasures();
        SubjectExport.Map(app);
        return app;
    }
}
