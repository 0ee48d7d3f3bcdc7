using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>
/// Walks from one thing to all it was made of, and to all that was made of it, a step at a time in both directions. Never down and up
/// again: what merely shares a source is no lineage. What nothing leads on from comes last, or else a document of a thousand parts
/// would hide the cards that were made of three of them.
/// </summary>
internal sealed class LineageWalker(IEnumerable<LineageKind> kinds)
{
    /// <summary>Most steps away from the thing that is asked about.</summary>
    public const int MaxDepth = 8;

    /// <summary>Most links that are read from one place in one step: more than nodes, since many may lead to the same.</summary>
    private const int MaxLinks = 2_000;

    private readonly LineageKind[] _kinds = kinds.ToArray();

    /// <summary>The graph around a thing, or null where there is none of that kind and id.</summary>
    public async ValueTask<LineageGraph?> WalkAsync(ReadSession session, string kind, string id, int depth)
    {
        if (Array.Find(_kinds, known => known.Name == kind) is not { } asked || await asked.FindAsync(session, [id]) is not [var root, ..])
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

    /// <summary>Takes what the step before has found into the graph, and finds what is one step further.</summary>
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
        // What was kept comes first: of an atom, the cards before its parts.
        foreach (var read in ids.Length == 0 ? [] : _kinds.Select(kind => kind.FindLinksAsync).OfType<FindLinks>().Prepend(LineageLinks.FindAsync))
        {
            var some = await read(session, side.Upwards, ids, MaxLinks + 1);
            found.IsTruncated |= some.Count > MaxLinks;
            links.AddRange(some);
        }

        return links;
    }

    /// <summary>Those of some ids that are there, in their order. What no slice knows is not: a reference to anything else, or to another tenant's.</summary>
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

    /// <summary>One direction of the walk.</summary>
    private sealed class Direction(bool upwards, LineageNode root)
    {
        public bool Upwards => upwards;

        public HashSet<string> Visited { get; } = new(StringComparer.Ordinal) { root.Id };

        /// <summary>What the last step has found.</summary>
        public List<LineageNode> Frontier { get; set; } = [root];

        public string Near(LineageEdge link) => upwards ? link.To : link.From;

        public string Far(LineageEdge link) => upwards ? link.From : link.To;
    }
}
