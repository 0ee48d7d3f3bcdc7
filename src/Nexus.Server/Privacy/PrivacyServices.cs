using Nexus.Server.Atoms;
using Nexus.Server.Cards;
using Nexus.Server.Events;
using Nexus.Server.FeatureFlags;
using Nexus.Server.Gates;
using Nexus.Server.Idempotency;
using Nexus.Server.Maybes;
using Nexus.Server.Memory;
using Nexus.Server.Packs;
using Nexus.Server.PersonalData;
using Nexus.Server.RawAssets;
using Nexus.Server.Storage;
using Nexus.Server.TrainingPreferences;

namespace Nexus.Server.Privacy;

/// <summary>What erasure and access requests are made of.</summary>
internal static class PrivacyServices
{
    /// <summary>Adds the services.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="options">The section <c>Nexus:Privacy</c>.</param>
    /// <param name="secrets">Seal the journal.</param>
    /// <param name="folder">The data folder, where the journal is.</param>
    public static void AddPrivacy(this IServiceCollection services, PrivacyOptions options, Secrets secrets, string folder)
    {
        services.AddSingleton(options).AddSingleton(new ErasureJournal(Path.Combine(folder, "erasures.journal"), secrets));
        services.AddSingleton<ErasureReceipts>().AddSingleton<ErasureStore>().AddSingleton<ErasureProgress>().AddSingleton<ErasureRun>().AddSingleton<SubjectExport>().AddHostedService<ErasureWorker>();

        // In the order in which an erasure takes them: answers hold ids of what went before, events name who did it, and as long as there are
        // any of the person's an export asks whether they have opted out.
        services.AddSingleton<IPersonalData, RawPersonalData>().AddSingleton<IPersonalData, AtomPersonalData>().AddSingleton<IPersonalData, CardPersonalData>()
            .AddSingleton<IPersonalData, PackPersonalData>().AddSingleton<IPersonalData, MemoryPersonalData>().AddSingleton<IPersonalData, MaybePersonalData>()
            .AddSingleton<IPersonalData, FlagPersonalData>().AddSingleton<IPersonalData, ErasurePersonalData>().AddSingleton<IPersonalData, AllowancePersonalData>()
            .AddSingleton<IPersonalData, KeptAnswerPersonalData>().AddSingleton<IPersonalData, EventPersonalData>().AddSingleton<IPersonalData, PreferencePersonalData>();
    }
}
