using System.Collections;
using System.Reflection;
using Nexus.Server.Platform.Hosting;


namespace Nexus.Tests.Platform.Hosting;

/// <summary>docs/operations.md lists every setting.</summary>
public sealed class SettingDocumentationTests
{
    [Fact]
    public void Every_setting_is_documented_once()
    {
        var rows = File.ReadLines(OperationsPage())
            .Where(line => line.StartsWith("| `Nexus:", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1])
            .ToList();
        var settings = Leaves(typeof(NexusOptions), "Nexus").ToList();
        settings.Count.ShouldBeGreaterThan(40);
        settings.Where(setting => !rows.Any(row => Names(row, setting))).ShouldBeEmpty();
        rows.Distinct().Count().ShouldBe(rows.Count);
    }

    /// <summary>
    /// Matches the full name, or a short form after a setting of the same section: <c>`Nexus:Init:Email`, `:Password`</c>.
    /// </summary>
    private static bool Names(string row, string setting)
    {
        var colon = setting.LastIndexOf(':');
        return row.Contains($"`{setting}`", StringComparison.Ordinal)
            || row.Contains($"`{setting}:", StringComparison.Ordinal)
            || (row.Contains($"`{setting[..colon]}:", StringComparison.Ordinal)
            && row.Contains($"`{setting[colon..]}`", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Leaves(Type section, string path) =>
        section.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).SelectMany(property =>
        {
            var name = $"{path}:{property.Name}";
            var type = property.PropertyType;
            var item = type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;
            return (item ?? type) is { Assembly: var assembly } inner && assembly == section.Assembly
                ? Leaves(inner, item is null ? name : type.GetGenericArguments().Length == 2 ? $"{name}:<tenant>" : $"{name}:N")
                : [name];
        });

    private static string OperationsPage()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Nexus.slnx")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return Path.Combine(at.FullName, "docs", "operations.md");
    }
}
