using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>Wires atoms and the ops that make them.</summary>
internal static class AtomServices
{
    public static void AddAtoms(this IServiceCollection services)
    {
        services.AddTables(typeof(AtomServices), new TableDeclaration("atoms"));
        services.AddSingleton(AtomOpRegistry.BuiltIn).AddSingleton<AtomPlanner>().AddSingleton<AtomStore>();
        services.AddSingleton(AtomLineage.Kind);
        services.AddSingleton<IPersonalData, AtomPersonalData>();
    }
}
