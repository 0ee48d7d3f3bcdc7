namespace Nexus.Tests.Architecture;

/// <summary>docs/architecture.md matches the tree.</summary>
public sealed class ArchitectureDocumentTests
{
    private static readonly string[] _lines = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "architecture.md"));

    [Fact]
    public void Floors_are_drawn_as_the_test_holds_them()
    {
        var drawn = Block("```floors").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Reverse().ToList();
        var held = Floors.FromTheGround.Select(floor => floor.Select(Shorten).ToArray()).ToList();
        drawn.Count.ShouldBe(held.Count);
        foreach (var (floor, names) in held.Zip(drawn))
        {
            names.ShouldBe(floor);
        }
    }

    [Fact]
    public void Layout_lists_the_folders_of_the_server()
    {
        var layout = string.Join('\n', Block("```"));
        foreach (var wing in Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src", "Nexus.Server"))
            .Select(path => Path.GetFileName(path)!))
        {
            layout.ShouldContain($"    {wing}/");
        }

        foreach (var wing in (string[])["Platform", "Identity", "Audit", "Knowledge", "Agents", "Privacy"])
        {
            var line = layout.Split('\n').Single(line => line.TrimStart().StartsWith(wing + "/", StringComparison.Ordinal));
            var folders = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src", "Nexus.Server", wing))
                .Select(path => Path.GetFileName(path)!);
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).ShouldBe(folders, ignoreOrder: true);
        }
    }

    private static string Shorten(string room) =>
        room.StartsWith("Nexus.Server.", StringComparison.Ordinal) ? room["Nexus.Server.".Length..] : room;

    /// <summary>The lines of the first code block that begins so.</summary>
    private static IEnumerable<string> Block(string fence) =>
        _lines.SkipWhile(line => line != fence).Skip(1).TakeWhile(line => line != "```");
}
