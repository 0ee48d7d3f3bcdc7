using Nexus.Client;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>Collects the nodes and links found by a walk, up to the size limit of a graph.</summary>
internal sealed class LineageGraphBuilder(LineageNode root)
{
    /// <summary>The maximum number of nodes in a graph.</summary>
    public const int MaxNodes = 500;

    private readonly OrderedDictionary<string, LineageNode> _nodes = new(StringComparer.Ordinal) { [root.Id] = root };
    private readonly Stack<List<LineageNode>> _leaves = [];

    /// <summary>The links found so far. Those between two nodes of the graph become edges.</summary>
    public List<LineageEdge> Links { get; } = [];

    /// <summary>Whether something was left out because of a limit.</summary>
    public bool IsTruncated { get; set; }

    public bool Contains(string id) => _nodes.ContainsKey(id);

    /// <summary>Starts a new step, one link further away.</summary>
    public void BeginStep() => _leaves.Push([]);

    /// <summary>
    /// Adds a node if there is room. A node that leads on is added immediately; other nodes are added at the end, furthest first.
    /// That way chains are complete before leaves use up the limit.
    /// </summary>
    public void Add(LineageNode node, bool leadsOn)
    {
        if (!leadsOn)
        {
            _leaves.Peek().Add(node);
        }
        else if (!Contains(node.Id))
        {
            IsTruncated |= _nodes.Count == MaxNodes;
            if (_nodes.Count < MaxNodes)
            {
                _nodes.Add(node.Id, node);
            }
        }
    }

    public LineageGraph Build()
    {
        foreach (var end in _leaves.SelectMany(ends => ends))
        {
            Add(end, leadsOn: true);
        }

        return new LineageGraph
        {
            Nodes = [.. _nodes.Values],
            Edges = [.. Links.Where(link => Contains(link.From) && Contains(link.To)).Distinct()],
            Truncated = IsTruncated,
        };
    }
}
