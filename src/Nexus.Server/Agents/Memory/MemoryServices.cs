using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Agents.Memory;

/// <summary>Wires session memory.</summary>
internal static class MemoryServices
{
    public static void AddMemory(this IServiceCollection services)
    {
        services.AddSingleton<MemoryStore>();
        services.AddSingleton<IPersonalData, MemoryPersonalData>();
    }
}
