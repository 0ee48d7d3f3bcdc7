using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The items of a JSON array or the lines of NDJSON, exactly as written, so that numbers keep their digits.</summary>
internal sealed class JsonRecordsOp : IAtomOp
{
    private const int MaxDepth = 32;

    /// <inheritdoc />
    public string Name => "json_records";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description =>
        "The items of a JSON array or the lines of NDJSON, each as it is written; any other document is one record. Ranges are of the "
        + "decoded text.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => ["application/json", "application/x-ndjson", "application/jsonl", "text/plain"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params { get; } =
    [
        AtomParam.OneOf("format", "auto", ["auto", "json", "ndjson"], "auto: by the content type, JSON where it does not say."),
        AtomParam.Text("pointer", "", 500, "Where the array stands in the document, as a JSON pointer (RFC 6901); JSON only."),
    ];

    /// <inheritdoc />
    public int MaxBytes => TextContentTypes.MaxBytes;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var bytes = input.Bytes.Span.StartsWith("\ufeff"u8) ? input.Bytes[3..] : input.Bytes;
        if (!Utf8.IsValid(bytes.Span))
        {
            throw AtomErrors.UnreadableAsset("The asset is not UTF-8, as JSON must be.");
        }

        var format = input.Params.GetString("format");
        var isLines = format == "ndjson" || (format == "auto"
            && (input.ContentType.Contains("ndjson", StringComparison.OrdinalIgnoreCase)
                || input.ContentType.Contains("jsonl", StringComparison.OrdinalIgnoreCase)));
        if (isLines && input.Params.GetString("pointer").Length > 0)
        {
            throw AtomParams.Invalid("params.pointer", "cannot be used with NDJSON.");
        }

        var records = isLines
            ? ReadLines(bytes, cancellationToken)
            : ReadItems(bytes, input.Params.GetString("pointer"), cancellationToken);
        return new OpResult { Children = records, Metadata = new JsonObject { ["format"] = isLines ? "ndjson" : "json" } };
    }

    private static List<OpChild> ReadLines(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var records = new List<OpChild>();
        var (at, chars, number) = (0, 0, 0);
        while (at < bytes.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            number++;
            var length = bytes.Span[at..].IndexOf((byte)'\n');
            var line = length < 0 ? bytes[at..] : bytes.Slice(at, length);
            var text = Encoding.UTF8.GetString(line.Span);
            var trimmed = text.Trim(' ', '\t', '\r');
            if (trimmed.Length > 0)
            {
                using var checkedLine = Parse(line, string.Create(CultureInfo.InvariantCulture, $"Line {number}"));
                var start = chars + text.IndexOf(trimmed, StringComparison.Ordinal);
                records.Add(new OpChild(trimmed, start, start + trimmed.Length, new JsonObject { ["line"] = number }));
                OpResult.EnsureChildLimit(records.Count);
            }

            (at, chars) = (at + line.Length + 1, chars + text.Length + 1);
        }

        return records;
    }

    private static List<OpChild> ReadItems(ReadOnlyMemory<byte> bytes, string pointer, CancellationToken cancellationToken)
    {
        using var document = Parse(bytes, "The document");
        var root = ResolvePointer(document.RootElement, pointer);
        var items = root.ValueKind == JsonValueKind.Array ? (IEnumerable<JsonElement>)root.EnumerateArray() : [root];
        var records = new List<OpChild>();
        var (at, chars) = (0, 0);
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            OpResult.EnsureChildLimit(records.Count + 1);
            var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(item);
            // The element's bytes are a slice of the document's, which gives the record's position.
            if (!bytes.Span.Overlaps(raw, out var start))
            {
                throw new InvalidOperationException("The element is not a slice of its document.");
            }

            chars += Encoding.UTF8.GetCharCount(bytes.Span[at..start]);
            var text = Encoding.UTF8.GetString(raw);
            records.Add(new OpChild(text, chars, chars + text.Length, new JsonObject { ["index"] = records.Count }));
            (at, chars) = (start + raw.Length, chars + text.Length);
        }

        return records;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> bytes, string what)
    {
        try
        {
            return JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException failure)
        {
            throw AtomErrors.UnreadableAsset(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} is not JSON, is nested deeper than {MaxDepth} levels or repeats a name in one object "
                    + $"(line {failure.LineNumber + 1})."));
        }
    }

    private static JsonElement ResolvePointer(JsonElement element, string pointer)
    {
        if (pointer.Length > 0 && pointer[0] != '/')
        {
            throw AtomParams.Invalid("params.pointer", "must be empty or start with a slash.");
        }

        foreach (var escaped in pointer.Split('/').Skip(1))
        {
            var name = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member))
            {
                element = member;
            }
            else if (element.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < element.GetArrayLength())
            {
                element = element[index];
            }
            else
            {
                throw AtomErrors.UnreadableAsset("The pointer does not match anything in this document.");
            }
        }

        return element;
    }
}
