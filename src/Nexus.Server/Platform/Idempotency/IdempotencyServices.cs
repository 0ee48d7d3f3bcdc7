using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>Wires idempotent writes.</summary>
internal static class IdempotencyServices
{
    public static void AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<InFlightRequests>().AddSingleton<IdempotentWriter>().AddHostedService<IdempotencyCleanup>();
        services.AddSingleton<IPersonalData, IdempotencyPersonalData>();
    }
}
