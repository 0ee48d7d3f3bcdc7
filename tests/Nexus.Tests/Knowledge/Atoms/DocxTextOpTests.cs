using System.IO.Compression;
using System.Text;

namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>Word documents, and archives that pretend to be Word documents.</summary>
public sealed class DocxTextOpTests
{
    private const string W = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    private const string Rels =
        """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>""";

    [Fact]
    public void Docx_text_extracts_document_text()
    {
        var body = """
            <w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr><w:r><w:t>One </w:t></w:r><w:r><w:t xml:space="preserve"> two</w:t><w:tab/><w:t>e&#x301;</w:t></w:r></w:p>
            <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:br/><w:t>line</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            <w:p><w:r><w:instrText>PAGE</w:instrText><w:t>end</w:t></w:r></w:p>
            """;
        var result = Op.Run("docx_text", Docx(Document(body)));
        result.Content.ShouldBe("One  two\t\u00e9\nnew\nline\na\tb\nend");
        result.Metadata["paragraphs"]!.GetValue<int>().ShouldBe(5);
    }

    /// <summary>Returns a few kilobytes that decompress to 20 MB.</summary>
    internal static byte[] ZipBomb() => Docx(Document("<w:p><w:r><w:t>" + new string('a', 20 << 20) + "</w:t></w:r></w:p>"));

    [Fact]
    public void Zip_bomb_is_rejected() => Op.Unreadable(() => Op.Run("docx_text", ZipBomb())).ShouldContain("too large");

    [Fact]
    public void Archive_with_too_many_entries_is_rejected()
    {
        var bytes = Zip(
            [("_rels/.rels", Rels), ("word/document.xml", Document("")), .. Enumerable.Range(0, 2_001).Select(at => ($"x{at}", ""))]);
        Op.Unreadable(() => Op.Run("docx_text", bytes)).ShouldContain("entries");
    }

    [Fact]
    public void Document_type_declaration_is_rejected()
    {
        var xml = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"""
            + Document("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>");
        Op.Unreadable(() => Op.Run("docx_text", Docx(xml)));
    }

    [Fact]
    public void Deeply_nested_XML_is_rejected() =>
        Op.Unreadable(
            () => Op.Run(
                "docx_text",
                Docx(Document(string.Concat(Enumerable.Repeat("<w:p>", 5_000)) + string.Concat(Enumerable.Repeat("</w:p>", 5_000))))))
            .ShouldContain("deep");

    [Fact]
    public void Invalid_docx_is_rejected()
    {
        Op.Unreadable(() => Op.Run("docx_text", "not a zip"));
        Op.Unreadable(() => Op.Run("docx_text", []));
        Op.Unreadable(() => Op.Run("docx_text", Zip([("a.txt", "x")])));
        Op.Unreadable(() => Op.Run("docx_text", Zip([("_rels/.rels", Rels)])));
        Op.Unreadable(
            () => Op.Run(
                "docx_text",
                Zip([("_rels/.rels", Rels), ("word/document.xml", Document("")), ("word/document.xml", Document(""))])));
        Op.Unreadable(() => Op.Run("docx_text", Docx("<html/>")));
        Op.Unreadable(() => Op.Run("docx_text", Docx("<unclosed>")));
    }

    [Fact]
    public void Truncated_or_corrupted_docx_never_fails_unexpectedly()
    {
        var whole = Docx(Document("<w:p><w:r><w:t>text</w:t></w:r></w:p>"));
        for (var at = 0; at < whole.Length; at++)
        {
            Op.Unreadable(() => Op.Run("docx_text", whole[..at]));
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0xFF;
            try
            {
                Op.Run("docx_text", changed);
            }
            catch (Nexus.Server.Platform.Http.ProblemException refused)
            {
                refused.Problem.Code.ShouldBe("atom.unreadable");
            }
        }
    }

    private static string Document(string body) => $"<w:document {W}><w:body>{body}</w:body></w:document>";

    private static byte[] Docx(string document) => Zip([("_rels/.rels", Rels), ("word/document.xml", document)]);

    private static byte[] Zip((string Name, string Text)[] parts)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var part = archive.CreateEntry(name).Open();
                part.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
