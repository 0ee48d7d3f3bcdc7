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

/// <summary>What erasure and access requests are made of.</summary>
internal static class PrivacyServices
{
    /// <summary>Adds the services.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="options">The section <c>Nexus:Privacy</c>.</param>
    /// <param name="secrets">Seal the journal.</param>
    /// <param name="folder">The data folder, where the journal is.</param>
    public static void AddPrivacy(this IServiceCollection services, PrivacyOptions options, SecretStore secrets, string folder)
    {
        services.AddSingleton(options).AddSingleton(new ErasureJournal(Path.Combine(folder, "erasures.journal"), secrets));
        services.AddSingleton<ErasureReceiptWriter>().AddSingleton<ErasureStore>().AddSingleton<ErasureProgressStore>().AddSingleton<ErasureRunner>().AddSingleton<SubjectExport>().AddHostedService<ErasureWorker>();

        // In the order in which an erasure takes them: answers hold ids of what went before, events name who did it, and as long as there are
        // any of the person's an export asks whether they have opted out.
        services.AddSingleton<IPersonalData, RawAssetPersonalData>().AddSingleton<IPersonalData, AtomPersonalData>().AddSingleton<IPersonalData, CardPersonalData>()
            .AddSingleton<IPersonalData, PackPersonalData>().AddSingleton<IPersonalData, MemoryPersonalData>().AddSingleton<IPersonalData, MaybePersonalData>()
            .AddSingleton<IPersonalData, FlagPersonalData>().AddSingleton<IPersonalData, ErasurePersonalData>().AddSingleton<IPersonalData, RateLeasePersonalData>()
            .AddSingleton<IPersonalData, IdempotencyPersonalData>().AddSingleton<IPersonalData, EventPersonalData>().AddSingleton<IPersonalData, PreferencePersonalData>();
    }
}
