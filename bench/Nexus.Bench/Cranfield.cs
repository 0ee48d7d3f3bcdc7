using System.Text;
using System.Text.Json;

namespace Nexus.Bench;

/// <summary>The Cranfield abstracts as cards: one front-matter file each, the document's id in its header.</summary>
internal static class Cranfield
{
    /// <summary>Where the collection lies, or null where this machine does not have it.</summary>
    public static string? Folder { get; } = SharedData.Find("cranfield");

    /// <summary>Writes the files into <paramref name="folder"/> and says how many.</summary>
    public static int Run(string folder)
    {
        Console.WriteLine(Folder is null
            ? "Skipped: ../shared/data/cranfield is not here."
            : $"{WriteCards(Folder, folder)} files in {folder}");
        return 0;
    }

    /// <summary>Writes the files of a collection and answers how many.</summary>
    public static int WriteCards(string collection, string folder)
    {
        Directory.CreateDirectory(folder);
        var written = 0;
        foreach (var line in File.ReadLines(Path.Combine(collection, "docs.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var id = document.RootElement.GetProperty("id").GetString()!;
            File.WriteAllText(Path.Combine(folder, $"{id}.md"), Card(id, document.RootElement), new UTF8Encoding(false));
            written++;
        }

        return written;
    }

    // A JSON string is a YAML double-quoted scalar, so titles need no quoting rules of their own.
    private static string Card(string id, JsonElement document) =>
        $"""
        ---
        card_type: abstract
        title: {Quoted(document, "title")}
        author: {Quoted(document, "author")}
        doc_id: "{id}"
        ---
        {document.GetProperty("text").GetString()}

        """;

    private static string Quoted(JsonElement document, string name) =>
        JsonSerializer.Serialize(document.GetProperty(name).GetString());
}
