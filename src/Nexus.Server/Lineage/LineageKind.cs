using Nexus.Client;
using Nexus.Server.Storage;

namespace Nexus.Server.Lineage;

/// <summary>What a slice says of the things it keeps, so that lineage can name them without touching the slice's tables.</summary>
/// <param name="Name">The kind in a path, such as <c>card</c>.</param>
/// <param name="FindAsync">Those of some ids that are of this kind in the session's tenant and env.</param>
internal sealed record LineageKind(string Name, Func<ReadSession, string[], ValueTask<List<LineageNode>>> FindAsync);
