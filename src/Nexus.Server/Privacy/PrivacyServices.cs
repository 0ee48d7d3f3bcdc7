using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Privacy.Erasure;
using Nexus.Server.Privacy.SubjectAccess;
using Nexus.Server.Privacy.Training;

namespace Nexus.Server.Privacy;

/// <summary>Wires training preferences, erasure and access requests.</summary>
internal static class PrivacyServices
{
    /// <summary>Adds the services; nothing in them needs the store until it is open.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The section <c>Nexus:Privacy</c>.</param>
    /// <param name="folder">The data folder, where the journal of erasures is.</param>
    public static void AddPrivacy(this IServiceCollection services, PrivacyOptions options, string folder)
    {
        services.AddTables(typeof(TrainingPreferenceService), new TableDeclaration("training_preferences") { IsTenantZeroReadable = true });
        // A worker must know which erasures are to be done.
        services.AddTables(typeof(ErasureStore), new TableDeclaration("erasures") { CrossTenant = CrossTenantAccess.Read });
        services.AddTables(typeof(ErasureItemStore), new TableDeclaration("erasure_items"));
        services.AddBatchState(_ => new PreferenceBatchCache());
        services.AddSingleton<TrainingPreferenceService>()
            .AddSingleton<IAppendStep>(provider => provider.GetRequiredService<TrainingPreferenceService>());
        services.AddSingleton<TrainingExport>();
        services.AddSingleton<IPersonalData, PreferencePersonalData>();

        services.AddSingleton(options);
        services.AddSingleton(
            provider => new ErasureJournal(Path.Combine(folder, "erasures.journal"), provider.GetRequiredService<SecretStore>()));
        services.AddSingleton<ErasureReceiptWriter>()
            .AddSingleton<ErasureStore>()
            .AddSingleton<ErasureProgressStore>()
            .AddSingleton<ErasureRunner>();
        services.AddHostedService<ErasureWorker>();
        services.AddSingleton<IPersonalData, ErasurePersonalData>();

        services.AddSingleton<SubjectExport>();
    }

    /// <summary>Maps the routes.</summary>
    public static void MapPrivacy(this IEndpointRouteBuilder app)
    {
        app.MapTrainingPreferences();
        app.MapTrainingExport();
        app.MapErasures();
        SubjectExport.Map(app);
    }
}
