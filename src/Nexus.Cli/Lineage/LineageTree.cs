using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Lineage;

/// <summary>A lineage graph as one tree per direction. A repeated node is expanded only where it first appears.</summary>
internal static class LineageTree
{
    public static Tree Create(LineageGraph graph)
    {
        var nodes = graph.Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var start = graph.Nodes[0];
        var tree = new Tree(Output.Cell(Describe(start)));
        AddDirection(tree, "made of", start.Id, nodes, graph.Edges.ToLookup(edge => edge.To, StringComparer.Ordinal), edge => edge.From);
        AddDirection(tree, "used in", start.Id, nodes, graph.Edges.ToLookup(edge => edge.From, StringComparer.Ordinal), edge => edge.To);
        return tree;
    }

    private static void AddDirection(
        Tree tree, string title, string root, Dictionary<string, LineageNode> nodes, ILookup<string, LineageEdge> edges,
        Func<LineageEdge, string> far)
    {
        if (edges.Contains(root))
        {
            Branch(tree.AddNode(Output.Cell(title)), root, new HashSet<string>(StringComparer.Ordinal) { root });
        }

        void Branch(TreeNode above, string id, HashSet<string> seen)
        {
            foreach (var edge in edges[id])
            {
                var node = nodes[far(edge)];
                var isNew = seen.Add(node.Id);
                var more = isNew || !edges.Contains(node.Id) ? "" : " …";
                var below = above.AddNode(Output.Cell($"{Describe(node)}  ({edge.How}){more}"));
                if (isNew)
                {
                    Branch(below, node.Id, seen);
                }
            }
        }
    }

    private static string Describe(LineageNode node) =>
        $"{node.Kind} {node.Id}  {node.Label.ReplaceLineEndings(" ")}{(node.Erased == true ? ", deleted" : "")}";
}
