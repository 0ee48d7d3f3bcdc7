using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Xml;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The text of a Word document: a line per paragraph, tabs between the cells of a table, deleted text omitted.</summary>
internal sealed class DocxTextOp : IAtomOp
{
    private const int MaxEntries = 2_000;
    private const long MaxUncompressedBytes = 256 << 20;
    private const string MainPartRelationship = "/officeDocument";

    /// <inheritdoc />
    public string Name => "docx_text";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The text of a Word document (.docx).";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes =>
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params => [];

    /// <inheritdoc />
    public int MaxBytes => 32 << 20;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        // Counted before the archive is opened, since opening creates an object for every entry, whatever number the archive states.
        if (input.Bytes.Span.Count("PK\u0001\u0002"u8) > MaxEntries)
        {
            throw AtomErrors.UnreadableAsset(
                string.Create(CultureInfo.InvariantCulture, $"The archive has more than {MaxEntries} entries."));
        }

        try
        {
            using var archive = new ZipArchive(CreateStream(input.Bytes), ZipArchiveMode.Read);
            if (archive.Entries.Sum(entry => (decimal)entry.Length) > MaxUncompressedBytes)
            {
                throw AtomErrors.UnreadableAsset(
                    string.Create(CultureInfo.InvariantCulture, $"The archive contains more than {MaxUncompressedBytes} bytes."));
            }

            var (text, paragraphs) = WordTextReader.Read(Open(archive, FindMainPart(archive)), cancellationToken);
            return new OpResult { Content = TextNormalizer.Normalize(text), Metadata = new JsonObject { ["paragraphs"] = paragraphs } };
        }
        catch (Exception failure) when (failure is InvalidDataException or XmlException or IOException or NotSupportedException
            or ArgumentException or OverflowException)
        {
            throw AtomErrors.UnreadableAsset(
                "The asset is not a Word document: " + (
                    failure is XmlException ? "its XML is not well formed, or has a document type." : "the archive is damaged."));
        }
    }

    private static string FindMainPart(ZipArchive archive)
    {
        using var reader = WordTextReader.CreateXmlReader(Open(archive, "_rels/.rels"));
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && reader.GetAttribute("Type")?.EndsWith(MainPartRelationship, StringComparison.Ordinal) == true
                && reader.GetAttribute("TargetMode") != "External"
                && reader.GetAttribute("Target") is { } target)
            {
                return target.TrimStart('/');
            }
        }

        throw AtomErrors.UnreadableAsset("The asset is not a Word document: it has no main part.");
    }

    private static DecompressionGuardStream Open(ZipArchive archive, string name)
    {
        var entries = archive.Entries.Where(entry => entry.FullName == name).Take(2).ToList();
        return entries.Count == 1
            ? new DecompressionGuardStream(entries[0].Open(), entries[0].CompressedLength)
            : throw AtomErrors.UnreadableAsset("The asset is not a Word document: a part is missing or there twice.");
    }

    private static MemoryStream CreateStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
