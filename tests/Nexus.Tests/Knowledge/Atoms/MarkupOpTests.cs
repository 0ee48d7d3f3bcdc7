using System.Text;

namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>Markdown and HTML.</summary>
public sealed class MarkupOpTests
{
    [Fact]
    public void Sections_start_at_headings_and_include_heading_path()
    {
        const string Text =
            "---\ntitle: x\n---\nBefore.\n\n# One\nA\n\n```\n# no heading\n```\n\n## Two *em*\nB\n\n> # quoted\n\nThree\n=====\nC\n";
        var sections = Op.Run("markdown_sections", Text, "text/markdown").Children;
        sections.Select(section => section.Metadata!["title"]?.GetValue<string>()).ShouldBe([null, "One", "Two *em*", "Three"]);
        sections.Select(section => section.Metadata!["path"]!.ToJsonString())
            .ShouldBe(["[]", """["One"]""", """["One","Two *em*"]""", """["Three"]"""]);
        sections.All(section => section.Content == Text[section.Start..section.End]).ShouldBeTrue();
        sections[1].Content.ShouldBe("# One\nA\n\n```\n# no heading\n```");
        Op.Run("markdown_sections", Text, parameters: """{"max_level":1}""").Children.Count.ShouldBe(3);
        Op.Run("markdown_sections", "").Children.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("[")]
    [InlineData("![](")]
    [InlineData("*a _")]
    [InlineData("[a]: ")]
    [InlineData("`")]
    public void Hostile_Markdown_never_fails_unexpectedly(string again)
    {
        var text = string.Concat(Enumerable.Repeat(again, 50_000));
        try
        {
            Op.Run("markdown_sections", text).Children.Count.ShouldBeLessThanOrEqualTo(1);
        }
        catch (Nexus.Server.Platform.Http.ProblemException refused)
        {
            refused.Problem.Code.ShouldBe("atom.unreadable");
        }
    }

    [Fact]
    public void Html_text_extracts_visible_text_only()
    {
        const string Page = """
            <!doctype html><html><head><title> The  Page </title><style>p{}</style><script>alert(1)</script></head>
            <body><h1>Head</h1><p>One <b>bold</b>
               word.<script>evil()</script></p><p hidden>no</p><ul><li>a<li>b</ul>
            <table><tr><td>1<td>2<tr><td>3<td>4</table><pre>x
              y</pre>last<br>line &amp; &eacute;<noscript>no</noscript><!-- no --><template>no</template></body></html>
            """;
        var result = Op.Run("html_text", Page, "text/html");
        result.Content.ShouldBe("Head\n\nOne bold word.\n\na\nb\n\n1\t2\n3\t4\n\nx\n  y\n\nlast\nline & \u00e9");
        result.Metadata["title"]!.GetValue<string>().ShouldBe("The Page");
    }

    [Fact]
    public void Charset_is_read_from_meta_tag()
    {
        var bytes = Encoding.Latin1.GetBytes("<meta charset=\"iso-8859-1\"><p>caf\u00e9");
        Op.Run("html_text", bytes, "text/html").Content.ShouldBe("caf\u00e9");
        Op.Unreadable(() => Op.Run("html_text", bytes, "text/html; charset=utf-8"));
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b><i>")]
    [InlineData("<p><a>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<svg><math>")]
    [InlineData("<select><option>")]
    public void Deeply_nested_HTML_is_read(string again) =>
        Op.Run("html_text", string.Concat(Enumerable.Repeat(again, 20_000)) + "end").Content.ShouldNotBeNull();

    [Fact]
    public void HTML_with_too_many_unclosed_tags_is_rejected() => Op.Unreadable(() => Op.Run("html_text", new string('<', 300_000)));
}
