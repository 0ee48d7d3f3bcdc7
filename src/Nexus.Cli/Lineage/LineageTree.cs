using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Lineage;

/// <summary>A graph of lineage for people: a tree for each direction. What comes twice is unfolded where it comes first.</summary>
internal static class LineageTree
{
    public static Tree Create(LineageGraph graph)
    {
        var nodes = graph.Nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
        var asked = graph.Nodes[0];
        var tree = new Tree(Output.Cell(Describe(asked)));
        AddDirection(tree, "made of", asked.Id, nodes, graph.Edges.ToLookup(edge => edge.To, StringComparer.Ordinal), edge => edge.From);
        AddDirection(tree, "used in", asked.Id, nodes, graph.Edges.ToLookup(edge => edge.From, StringComparer.Ordinal), edge => edge.To);
        return tree;
    }

    private static void AddDirection(Tree tree, string title, string root, Dictionary<string, LineageNode> nodes, ILookup<string, LineageEdge> edges, Func<LineageEdge, string> far)
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
                var below = above.AddNode(Output.Cell($"{Describe(node)}  ({edge.How}){(isNew || !edges.Contains(node.Id) ? "" : " …")}"));
                if (isNew)
                {
                    Branch(below, node.Id, seen);
                }
            }
        }
    }

    private static string Describe(LineageNode node) => $"{node.Kind} {node.Id}  {node.Label.ReplaceLineEndings(" ")}{(node.Erased == true ? ", deleted" : "")}";
}
