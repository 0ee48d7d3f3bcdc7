using System.Xml.Linq;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>Whoever distributes Nexus finds the license of each of its packages in THIRD-PARTY-NOTICES.md.</summary>
public sealed class ThirdPartyNoticesTests
{
    [Fact]
    public void Every_package_is_listed_with_version_license_and_source()
    {
        var root = SourceTree.Root;
        var packages = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => $"{package.Attribute("Include")!.Value} {package.Attribute("Version")!.Value}").ToList();
        var rows = File.ReadLines(Path.Combine(root, "THIRD-PARTY-NOTICES.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells[0] is not ("package" or "---")).ToList();
        packages.Count.ShouldBeGreaterThan(20);
        rows.Select(cells => $"{cells[0]} {cells[1]}").ShouldBe(packages, ignoreOrder: true);
        rows.ShouldAllBe(cells => cells.Length == 4 && cells[2].Length > 0 && cells[3].StartsWith("https://", StringComparison.Ordinal));
    }
}
