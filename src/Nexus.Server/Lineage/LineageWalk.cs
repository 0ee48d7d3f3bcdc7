using Nexus.Client;
using Nexus.Server.Storage;

namespace Nexus.Server.Lineage;

/// <summary>
/// Walks from one thing to all it was made of, and to all that was made of it, level by level. Never down and up again: what merely
/// shares a source is no lineage.
/// </summary>
internal sealed class LineageWalk(IEnumerable<LineageKind> kinds)
{
    /// <summary>Most steps away from the thing that is asked about.</summary>
    public const int MaxDepth = 8;

    private const int MaxNodes = 500;
    private const int MaxLinks = 4 * MaxNodes;

    private readonly LineageKind[] _kinds = kinds.ToArray();

    /// <summary>The graph around a thing, or null where there is none of that kind and id.</summary>
    public async ValueTask<LineageGraph?> WalkAsync(ReadSession session, string kind, string id, int depth)
    {
        if (Array.Find(_kinds, known => known.Name == kind) is not { } asked || await asked.FindAsync(session, [id]) is not [var root, ..])
        {
            return null;
        }

        var nodes = new OrderedDictionary<string, LineageNode>(StringComparer.Ordinal) { [id] = root };
        var edges = new HashSet<LineageEdge>();
        var truncated = false;
        foreach (var upwards in new[] { true, false })
        {
            truncated |= await WalkAsync(session, upwards, id, depth, nodes, edges);
        }

        return new LineageGraph { Nodes = [.. nodes.Values], Edges = [.. edges], Truncated = truncated };
    }

    private async ValueTask<bool> WalkAsync(ReadSession session, bool upwards, string root, int depth, OrderedDictionary<string, LineageNode> nodes, HashSet<LineageEdge> edges)
    {
        var truncated = false;
        var seen = new HashSet<string>(StringComparer.Ordinal) { root };
        string[] level = [root];
        for (var step = 0; step < depth && level.Length > 0; step++)
        {
            var links = await LineageLinks.FindAsync(session, upwards, level, MaxLinks + 1);
            truncated |= links.Count > MaxLinks;
            var next = links.Select(link => upwards ? link.From : link.To).Where(seen.Add).ToArray();
            await NameAsync(session, [.. next.Where(id => !nodes.ContainsKey(id))]);
            // What no slice knows is not there: a reference to anything else, or to another tenant's.
            edges.UnionWith(links.Where(link => nodes.ContainsKey(link.From) && nodes.ContainsKey(link.To)));
            level = [.. next.Where(nodes.ContainsKey)];
        }

        return truncated;

        async ValueTask NameAsync(ReadSession named, string[] ids)
        {
            foreach (var kind in ids.Length == 0 ? [] : _kinds)
            {
                foreach (var node in await kind.FindAsync(named, ids))
                {
                    truncated |= nodes.Count >= MaxNodes;
                    if (nodes.Count < MaxNodes)
                    {
                        nodes.TryAdd(node.Id, node);
                    }
                }
            }
        }
    }
}
