using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>
/// Walks from one thing to all its sources and to everything derived from it, one step at a time in both directions. It never
/// turns around: things that only share a source are not related. Leaves are added last; otherwise a document of a thousand parts
/// would hide the cards made from three of them.
/// </summary>
internal sealed class LineageWalker(IEnumerable<LineageKind> kinds)
{
    /// <summary>The maximum number of steps from the start.</summary>
    public const int MaxDepth = 8;

    /// <summary>
    /// The maximum number of links read per step and kind. Larger than the node limit, because many links may lead to the same
    /// node.
    /// </summary>
    private const int MaxLinks = 2_000;

    private readonly LineageKind[] _kinds = kinds.ToArray();

    /// <summary>Returns the graph around a thing, or null if the kind or the id is unknown.</summary>
    public async ValueTask<LineageGraph?> WalkAsync(ReadSession session, string kind, string id, int depth)
    {
        if (Array.Find(_kinds, known => known.Name == kind) is not { } rootKind
            || await rootKind.FindAsync(session, [id]) is not [var root, ..])
        {
            return null;
        }

        var found = new LineageGraphBuilder(root);
        var (up, down) = (new Direction(true, root), new Direction(false, root));
        for (var step = 0; step <= depth; step++)
        {
            found.BeginStep();
            await StepAsync(session, up, found, isLast: step == depth);
            await StepAsync(session, down, found, isLast: step == depth);
        }

        return found.Build();
    }

    /// <summary>Adds the nodes of the previous step to the graph and finds those one step further.</summary>
    private async ValueTask StepAsync(ReadSession session, Direction side, LineageGraphBuilder found, bool isLast)
    {
        var links = isLast ? [] : await FindLinksAsync(session, side, found);
        var leading = links.Select(side.Near).ToHashSet(StringComparer.Ordinal);
        foreach (var node in side.Frontier)
        {
            found.Add(node, leading.Contains(node.Id));
        }

        found.Links.AddRange(links);
        string[] far = [.. links.Where(link => found.Contains(side.Near(link))).Select(side.Far).Where(side.Visited.Add)];
        found.IsTruncated |= far.Length > LineageGraphBuilder.MaxNodes;
        side.Frontier = await FindNodesAsync(session, far[..Math.Min(far.Length, LineageGraphBuilder.MaxNodes)]);
    }

    private async ValueTask<List<LineageEdge>> FindLinksAsync(ReadSession session, Direction side, LineageGraphBuilder found)
    {
        var links = new List<LineageEdge>();
        string[] ids = [.. side.Frontier.Select(node => node.Id)];
        // Stored links come first: for an atom, cards before parts.
        foreach (var read in ids.Length == 0
            ? []
            : _kinds.Select(kind => kind.FindLinksAsync).OfType<FindLinks>().Prepend(LineageLinks.FindAsync))
        {
            var some = await read(session, side.Upwards, ids, MaxLinks + 1);
            found.IsTruncated |= some.Count > MaxLinks;
            links.AddRange(some);
        }

        return links;
    }

    /// <summary>
    /// Returns the nodes of the given ids, in order. Ids unknown to every slice are dropped: references to something else, or to
    /// another tenant's data.
    /// </summary>
    private async ValueTask<List<LineageNode>> FindNodesAsync(ReadSession session, string[] ids)
    {
        var named = new Dictionary<string, LineageNode>(StringComparer.Ordinal);
        foreach (var kind in _kinds)
        {
            string[] unknown = [.. ids.Where(id => !named.ContainsKey(id))];
            foreach (var node in unknown.Length == 0 ? [] : await kind.FindAsync(session, unknown))
            {
                named.TryAdd(node.Id, node);
            }
        }

        return [.. ids.Where(named.ContainsKey).Select(id => named[id])];
    }

    private sealed class Direction(bool upwards, LineageNode root)
    {
        public bool Upwards => upwards;

        public HashSet<string> Visited { get; } = new(StringComparer.Ordinal) { root.Id };

        /// <summary>The nodes found in the last step.</summary>
        public List<LineageNode> Frontier { get; set; } = [root];

        public string Near(LineageEdge link) => upwards ? link.To : link.From;

        public string Far(LineageEdge link) => upwards ? link.From : link.To;
    }
}
