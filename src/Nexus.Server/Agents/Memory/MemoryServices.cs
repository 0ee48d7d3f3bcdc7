using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Agents.Memory;

/// <summary>Wires session memory.</summary>
internal static class MemoryServices
{
    public static void AddMemory(this IServiceCollection services)
    {
        services.AddTables(
            typeof(MemoryServices),
            new TableDeclaration("memory_sessions"),
            new TableDeclaration("memory_turns"));
        services.AddSingleton<MemoryStore>();
        services.AddSingleton<IPersonalData, MemoryPersonalData>();
    }
}
