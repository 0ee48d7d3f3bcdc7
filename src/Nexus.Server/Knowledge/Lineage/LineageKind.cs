using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>What a slice says of the things it keeps, so that lineage can name them without touching the slice's tables.</summary>
/// <param name="Name">The kind in a path, such as <c>card</c>.</param>
/// <param name="FindAsync">Those of some ids that are of this kind in the session's tenant and env, deleted ones included.</param>
internal sealed record LineageKind(string Name, Func<ReadSession, string[], ValueTask<List<LineageNode>>> FindAsync)
{
    /// <summary>Links that the slice's own rows say already, and that are not kept a second time; null where there are none.</summary>
    public FindLinks? FindLinksAsync { get; init; }
}

/// <summary>The links that lead to some things, or away from them.</summary>
/// <param name="session">A read of the tenant and env.</param>
/// <param name="upwards">To what they were made of; else to what was made of them.</param>
/// <param name="ids">The things; those of other kinds have no links here.</param>
/// <param name="limit">How many at most.</param>
/// <returns>What leads further first, then what is newest.</returns>
internal delegate ValueTask<List<LineageEdge>> FindLinks(ReadSession session, bool upwards, string[] ids, int limit);
