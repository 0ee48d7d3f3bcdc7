using System.Text;
using System.Xml;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>Reads WordprocessingML forward only, so that a document needs no more memory than its text.</summary>
internal static class WordTextReader
{
    private const string TransitionalNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string StrictNamespace = "http://purl.oclc.org/ooxml/wordprocessingml/main";
    private const int MaxDepth = 256;

    /// <summary>A reader that allows neither document types nor external resources.</summary>
    public static XmlReader CreateXmlReader(Stream stream) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = DecompressionGuardStream.MaxBytes,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    });

    /// <summary>The text of a main part and the number of its paragraphs.</summary>
    public static (string Text, int Paragraphs) Read(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = CreateXmlReader(stream);
        var (text, paragraphs, isDocument) = (new StringBuilder(), 0, false);
        var more = reader.Read();
        while (more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.Depth > MaxDepth)
            {
                throw AtomErrors.UnreadableAsset("The XML is nested too deeply.");
            }

            var name = reader.NamespaceURI is TransitionalNamespace or StrictNamespace
                ? reader.LocalName
                : reader.LocalName == "Fallback" ? "Fallback" : "";
            if (reader.NodeType == XmlNodeType.Element)
            {
                switch (name)
                {
                    case "document":
                        isDocument = true;
                        break;
                    // Content that repeats an alternative, and text deleted by tracked changes.
                    case "Fallback" or "del" or "moveFrom":
                        reader.Skip();
                        continue;
                    case "t" when !reader.IsEmptyElement:
                        text.Append(reader.ReadElementContentAsString());
                        continue;
                    case "tab":
                        // A tab stop in paragraph properties has attributes; a tab character in a run has none.
                        text.Append(reader.HasAttributes ? "" : "\t");
                        break;
                    case "br" or "cr":
                        text.Append('\n');
                        break;
                    case "noBreakHyphen":
                        text.Append('-');
                        break;
                    case "tc" when text.Length > 0 && text[^1] != '\n':
                        text.Append('\t');
                        break;
                    case "p":
                        paragraphs++;
                        break;
                }
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                AppendElementEnd(text, name);
            }

            more = reader.Read();
        }

        return isDocument ? (text.ToString().TrimEnd(), paragraphs) : throw AtomErrors.UnreadableAsset(
            "The asset is not a Word document: its main part is something else.");
    }

    private static void AppendElementEnd(StringBuilder text, string name)
    {
        if (name == "p")
        {
            text.Append('\n');
        }
        else if (name == "tc" && text.Length > 0 && text[^1] == '\n')
        {
            text.Length--;
        }
        else if (name == "tr")
        {
            text.Append('\n');
        }
    }
}
