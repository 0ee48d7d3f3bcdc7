using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// The rows of a CSV table (RFC 4180) as JSON: objects with the names in the header row, or arrays if there is no header row.
/// </summary>
internal sealed class CsvRowsOp : IAtomOp
{
    /// <inheritdoc />
    public string Name => "csv_rows";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The rows of a CSV table as JSON objects. Ranges are of the decoded text.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes =>
        ["text/csv", "text/tab-separated-values", "text/plain", "application/csv", "application/vnd.ms-excel"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params { get; } =
    [
        TextDecoding.CharsetParam,
        AtomParam.OneOf("delimiter", ",", [",", ";", "\t", "|"], "What stands between two fields."),
        AtomParam.Boolean("header", true, "Whether the first row names the columns."),
    ];

    /// <inheritdoc />
    public int MaxBytes => TextContentTypes.MaxBytes;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var (text, charset) = TextDecoding.Decode(input);
        var reader = new CsvReader(text, input.Params.GetString("delimiter")[0]);
        var names = input.Params.GetBoolean("header") ? ReadColumnNames(reader) : null;
        var rows = new List<OpChild>();
        while (reader.Read() is { } row)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (names is not null && row.Fields.Count != names.Count)
            {
                throw AtomErrors.UnreadableAsset(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Row {row.Number} has {row.Fields.Count} fields, but the header row has {names.Count}."));
            }

            JsonNode record = names is null
                ? new JsonArray([.. row.Fields.Select(field => (JsonNode)field)])
                : new JsonObject(names.Zip(row.Fields, (name, field) => KeyValuePair.Create(name, (JsonNode?)field)));
            var content = Encoding.UTF8.GetString(CanonicalJson.Write(record));
            rows.Add(new OpChild(content, row.Start, row.End, new JsonObject { ["row"] = row.Number }));
            OpResult.EnsureChildLimit(rows.Count);
        }

        return new OpResult
        {
            Children = rows,
            Metadata = new JsonObject
            {
                ["charset"] = charset,
                ["columns"] = names is null ? null : new JsonArray([.. names.Select(name => (JsonNode)name)]),
            },
        };
    }

    private static IReadOnlyList<string> ReadColumnNames(CsvReader reader)
    {
        var names = reader.Read()?.Fields ?? throw AtomErrors.UnreadableAsset("The asset is empty: there is no header row.");
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? names
            : throw AtomErrors.UnreadableAsset("The first row names a column twice.");
    }
}
