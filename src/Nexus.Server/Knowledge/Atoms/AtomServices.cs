using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>Wires atoms and the ops that make them.</summary>
internal static class AtomServices
{
    public static void AddAtoms(this IServiceCollection services)
    {
        services.AddSingleton(AtomOpRegistry.BuiltIn).AddSingleton<AtomPlanner>().AddSingleton<AtomStore>();
        services.AddSingleton(AtomLineage.Kind);
        services.AddSingleton<IPersonalData, AtomPersonalData>();
    }
}
