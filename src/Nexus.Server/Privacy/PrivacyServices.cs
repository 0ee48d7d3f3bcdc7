using Nexus.Server.Agents.Maybes;
using Nexus.Server.Agents.Memory;
using Nexus.Server.Audit.Ingest;
using Nexus.Server.FeatureFlags;
using Nexus.Server.Knowledge.Atoms;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Knowledge.Packs;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Privacy.Erasure;
using Nexus.Server.Privacy.SubjectAccess;
using Nexus.Server.Privacy.Training;

namespace Nexus.Server.Privacy;

internal static class PrivacyServices
{
    /// <summary>Adds the services for erasure and subject access requests.</summary>
    /// <param name="options">The section <c>Nexus:Privacy</c>.</param>
    /// <param name="secrets">Encrypts the ids in the journal.</param>
    /// <param name="folder">The data folder, which contains the journal.</param>
    public static void AddPrivacy(this IServiceCollection services, PrivacyOptions options, SecretStore secrets, string folder)
    {
        services.AddSingleton(options).AddSingleton(new ErasureJournal(Path.Combine(folder, "erasures.journal"), secrets));
        services.AddSingleton<ErasureReceiptWriter>().AddSingleton<ErasureStore>().AddSingleton<ErasureProgressStore>().AddSingleton<ErasureRunner>().AddSingleton<SubjectExport>().AddHostedService<ErasureWorker>();

        // The order of erasure. Stored responses contain ids of what was erased before them. Events say who caused them.
        // Preferences come last, because an export checks opt-outs as long as any data of the person exists.
        services.AddSingleton<IPersonalData, RawAssetPersonalData>().AddSingleton<IPersonalData, AtomPersonalData>().AddSingleton<IPersonalData, CardPersonalData>()
            .AddSingleton<IPersonalData, PackPersonalData>().AddSingleton<IPersonalData, MemoryPersonalData>().AddSingleton<IPersonalData, MaybePersonalData>()
            .AddSingleton<IPersonalData, FlagPersonalData>().AddSingleton<IPersonalData, ErasurePersonalData>().AddSingleton<IPersonalData, RateLeasePersonalData>()
            .AddSingleton<IPersonalData, IdempotencyPersonalData>().AddSingleton<IPersonalData, EventPersonalData>().AddSingleton<IPersonalData, PreferencePersonalData>();
    }
}
