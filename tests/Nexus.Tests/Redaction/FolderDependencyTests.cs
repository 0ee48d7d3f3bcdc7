using System.Text.RegularExpressions;

namespace Nexus.Tests.Redaction;

/// <summary>The folders of Nexus.Redaction depend on each other in one direction only.</summary>
public sealed partial class FolderDependencyTests
{
    private const string RootNamespace = "Nexus.Redaction";

    private static readonly string[] _subjects = ["Contact", "Financial", "National", "Network", "Secrets"];

    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["Text"] = [],
        ["Context"] = ["Text"],
        ["Detectors"] = ["Text", "Context"],
    };

    /// <summary>The types of the root folder that other folders may use, as they use nothing themselves.</summary>
    private static readonly string[] _primitives = ["PiiKind", "PiiKindNames"];

    private static readonly string _project = Path.Combine(SourceTree.Root, "src", RootNamespace);

    [Fact]
    public void Namespaces_follow_folders()
    {
        foreach (var (folder, file, code) in Sources())
        {
            var expected = folder.Length == 0 ? RootNamespace : $"{RootNamespace}.{folder}";
            code.ShouldContain($"namespace {expected};", customMessage: file);
        }
    }

    [Fact]
    public void Folders_use_only_folders_below_them()
    {
        foreach (var (folder, file, code) in Sources().Where(source => source.Folder.Length > 0))
        {
            var isSubject = _subjects.Any(subject => folder == $"Detectors.{subject}");
            string[] allowed = isSubject ? [.. _allowed["Detectors"], "Detectors"] : _allowed[folder];
            var used = Using().Matches(code).Select(match => match.Groups["folder"].Value);
            used.ShouldBeSubsetOf(allowed, file);
        }
    }

    [Fact]
    public void Folders_use_only_primitives_of_the_root_folder()
    {
        var rootTypes = Sources().Where(source => source.Folder.Length == 0)
            .SelectMany(source => Declaration().Matches(source.Code))
            .Select(match => match.Groups["type"].Value)
            .Except(_primitives, StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        rootTypes.ShouldContain("Scanner");
        foreach (var (_, file, code) in Sources().Where(source => source.Folder.Length > 0))
        {
            Identifier().Matches(code).Select(match => match.Value).Where(rootTypes.Contains).ShouldBeEmpty(file);
        }
    }

    /// <summary>The source files with their folders, dotted as in namespaces, and their code without comments.</summary>
    private static IEnumerable<(string Folder, string File, string Code)> Sources() =>
        from path in Directory.EnumerateFiles(_project, "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(_project, path)
        let folder = Path.GetDirectoryName(file)!.Replace(Path.DirectorySeparatorChar, '.')
        select (folder, file, Comment().Replace(File.ReadAllText(path), ""));

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^using Nexus\.Redaction\.(?<folder>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Using();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface) (?<type>\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\w+", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}
