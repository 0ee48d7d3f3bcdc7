using Nexus.Server.Knowledge.Search;

namespace Nexus.Tests.Knowledge.Search;

/// <summary>A temporary folder with an index.</summary>
internal sealed class IndexFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nexus-search-");

    public string Folder => _folder.FullName;

    public string Path => System.IO.Path.Combine(_folder.FullName, "t_a", "prod.db");

    public SearchIndex Open() => SearchIndex.Open(Path);

    public bool ContainsText(string word) => Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
        .Any(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)).Contains(word, StringComparison.OrdinalIgnoreCase));

    public static IndexedCard Card(
        string id, long seq, string body, string? title = null, string header = "{}", string type = "note", string version = "v1") =>
        new(id, seq, false, type, version, title, body.AsMemory(), header, seq * 1_000_000);

    public static CardChangePage Page(IReadOnlyList<IndexedCard> changes) => new(changes, changes[^1].Seq, [1], false);

    public static void Apply(SearchIndex index, IReadOnlyList<IndexedCard> changes) => index.Apply(Page(changes));

    public static IReadOnlyList<string> Ids(SearchIndex index, string text, string? filters = null, int topK = 10) =>
        [.. index.Search(
            new LexicalQuery(text, topK)
            {
                Filters = filters is null
                    ? []
                    : [.. System.Text.Json.JsonElement.Parse(filters)
                    .EnumerateObject()
                    .Select(member => HeaderFilter.Parse(member.Name, member.Value))],
            })
            .Select(hit => hit.CardId)];

    public void Dispose() => _folder.Delete(recursive: true);
}
