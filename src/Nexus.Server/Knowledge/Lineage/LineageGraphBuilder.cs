using Nexus.Client;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>What a walk has found so far: at most as many nodes as a graph may have.</summary>
internal sealed class LineageGraphBuilder(LineageNode root)
{
    /// <summary>Most things in a graph.</summary>
    public const int MaxNodes = 500;

    private readonly OrderedDictionary<string, LineageNode> _nodes = new(StringComparer.Ordinal) { [root.Id] = root };
    private readonly Stack<List<LineageNode>> _leaves = [];

    /// <summary>Links that were met; those between nodes become edges.</summary>
    public List<LineageEdge> Links { get; } = [];

    /// <summary>Whether there is more than is here.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Whether a thing is in the graph.</summary>
    public bool Contains(string id) => _nodes.ContainsKey(id);

    /// <summary>Begins to take in what is one step further.</summary>
    public void BeginStep() => _leaves.Push([]);

    /// <summary>Takes a thing in while there is room: at once where it leads on, else after all that do, the furthest first, so that a chain is seen to its end.</summary>
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

    /// <summary>The graph.</summary>
    public LineageGraph Build()
    {
        foreach (var end in _leaves.SelectMany(ends => ends))
        {
            Add(end, leadsOn: true);
        }

        return new LineageGraph { Nodes = [.. _nodes.Values], Edges = [.. Links.Where(link => Contains(link.From) && Contains(link.To)).Distinct()], Truncated = IsTruncated };
    }
}
