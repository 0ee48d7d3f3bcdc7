using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>How a slice resolves its ids to lineage nodes, so that lineage does not read the slice's tables.</summary>
/// <param name="Name">The kind's name in a path, such as <c>card</c>.</param>
/// <param name="FindAsync">
/// Returns nodes for those of the ids that are of this kind in the session's tenant and env, including deleted ones.
/// </param>
internal sealed record LineageKind(string Name, Func<ReadSession, string[], ValueTask<List<LineageNode>>> FindAsync)
{
    /// <summary>Finds links that follow from the slice's own rows and are not stored as lineage links; null if there are none.</summary>
    public FindLinks? FindLinksAsync { get; init; }
}

/// <summary>Finds the links from or to the given ids.</summary>
/// <param name="upwards">True for links to sources; false for links to things derived from the ids.</param>
/// <param name="ids">The ids. Those of other kinds have no links here.</param>
/// <param name="limit">The maximum number of links.</param>
/// <returns>Links that lead further first, then the newest.</returns>
internal delegate ValueTask<List<LineageEdge>> FindLinks(ReadSession session, bool upwards, string[] ids, int limit);
