using System.Text;
using System.Text.Json;

using FsCheck;
using FsCheck.Fluent;

namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>JSON and CSV.</summary>
public sealed class RecordOpTests
{
    [Fact]
    public void Json_records_keeps_items_as_written()
    {
        const string Text = """ { "é": [ {"n":1.10}, "\u00e9", 12345678901234567890 ,null ] } """;
        var items = Op.Run("json_records", Text, "application/json", """{"pointer":"/é"}""").Children;
        items.Select(item => item.Content).ShouldBe(["{\"n\":1.10}", "\"\\u00e9\"", "12345678901234567890", "null"]);
        items.All(item => item.Content == Text[item.Start..item.End]).ShouldBeTrue();
        Op.Run("json_records", """{"a":1}""").Children.Single().Content.ShouldBe("""{"a":1}""");
        Op.Run("json_records", "[]").Children.ShouldBeEmpty();
    }

    [Fact]
    public void Each_NDJSON_line_is_a_record()
    {
        const string Text = "{\"a\":\"é\"}\r\n\n  [1]  \n2";
        var lines = Op.Run("json_records", Text, "application/x-ndjson").Children;
        lines.Select(line => line.Content).ShouldBe(["{\"a\":\"é\"}", "[1]", "2"]);
        lines.All(line => line.Content == Text[line.Start..line.End]).ShouldBeTrue();
        Op.Unreadable(() => Op.Run("json_records", "1\n{", parameters: """{"format":"ndjson"}""")).ShouldContain("Line 2");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("NaN")]
    [InlineData("[1] [2]")]
    public void Invalid_JSON_is_rejected(string text) => Op.Unreadable(() => Op.Run("json_records", text));

    [Fact]
    public void Hostile_JSON_or_invalid_pointer_is_rejected()
    {
        Op.Unreadable(() => Op.Run("json_records", new string('[', 1_000_000)));
        Op.Unreadable(() => Op.Run("json_records", [0x22, 0xFF, 0x22]));
        Op.Unreadable(() => Op.Run("json_records", "[" + string.Join(',', Enumerable.Repeat("1", 20_001)) + "]"))
            .ShouldContain("20000 parts");
        Op.Unreadable(() => Op.Run("json_records", "{}", parameters: """{"pointer":"/a"}"""));
        Op.Refused(() => Op.Run("json_records", "{}", parameters: """{"pointer":"a"}"""), "atom.params");
        Op.Refused(() => Op.Run("json_records", "{}", parameters: """{"pointer":"/a","format":"ndjson"}"""), "atom.params");
    }

    [Fact]
    public void Csv_rows_uses_first_row_as_keys()
    {
        const string Text = "name,note\r\nAnn,\"a \"\"b\"\", c\nd\"\r\n\r\n,\r\n";
        var rows = Op.Run("csv_rows", Text, "text/csv").Children;
        rows.Select(row => row.Content).ShouldBe(["""{"name":"Ann","note":"a \"b\", c\nd"}""", """{"name":"","note":""}"""]);
        Text[rows[0].Start..rows[0].End].ShouldBe("Ann,\"a \"\"b\"\", c\nd\"");
        Op.Run("csv_rows", "a\tb", parameters: """{"delimiter":"\t","header":false}""").Children.Single().Content.ShouldBe("""["a","b"]""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,a\n1,2")]
    [InlineData("a,b\n1")]
    [InlineData("a,b\n1,2,3")]
    [InlineData("a\n\"x")]
    [InlineData("a\nx\"y\"")]
    [InlineData("a\n\"x\"y")]
    public void Empty_or_inconsistent_CSV_is_rejected(string text) => Op.Unreadable(() => Op.Run("csv_rows", text));

    [Fact]
    public void Row_with_too_many_fields_is_rejected_without_reading_the_rest()
    {
        Op.Run("csv_rows", new string(',', 999), parameters: """{"header":false}""").Children.Count.ShouldBe(1);
        Op.Unreadable(() => Op.Run("csv_rows", "a\n" + new string(',', 1_000))).ShouldContain("Row 2 has more than 1000 fields");
        var commas = Encoding.UTF8.GetBytes(new string(',', 16 << 20));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Op.Unreadable(() => Op.Run("csv_rows", commas));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(50L << 20, "the decoded text has 32 MB");
    }

    [Fact]
    public void CSV_round_trips()
    {
        var field = Gen.ArrayOf(Gen.Elements('a', ',', '"', '\n', '\r', ' ', 'é')).Select(characters => new string(characters));
        var table = Gen.NonEmptyListOf(Gen.ArrayOf(field, 3)).Select(rows => rows.ToArray());
        Check.QuickThrowOnFailure(Prop.ForAll(table.ToArbitrary(), rows =>
        {
            var text = string.Join(
                "\r\n",
                rows.Select(row => string.Join(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
            var read = Op.Run("csv_rows", text, parameters: """{"header":false}""").Children;
            read.Select(row => JsonSerializer.Deserialize<string[]>(row.Content)!).ShouldBe(rows);
        }));
    }
}
