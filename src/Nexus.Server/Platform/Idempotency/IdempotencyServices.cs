using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>Wires idempotent writes.</summary>
internal static class IdempotencyServices
{
    public static void AddIdempotency(this IServiceCollection services)
    {
        services.AddTables(
            typeof(IdempotencyServices),
            new TableDeclaration("kept_answers") { Expiry = new RowExpiry("created_at", TimeSpan.FromDays(1)) });
        services.AddSingleton<InFlightRequests>().AddSingleton<IdempotentWriter>().AddHostedService<IdempotencyCleanup>();
        services.AddSingleton<IPersonalData, IdempotencyPersonalData>();
    }
}
