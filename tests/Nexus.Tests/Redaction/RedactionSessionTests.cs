using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Redaction;
using Nexus.Redaction.Text;
using Nexus.Testing.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class RedactionSessionTests
{
    private static readonly string[] _values = [.. PiiExamples.WithoutContext.Select(example => example.Value)];

    /// <summary>Other notations of the same value, which normalization undoes.</summary>
    private static readonly Func<string, string>[] _notations =
    [
        text => text,
        text => string.Concat(text.Select(unit => unit is > ' ' and < '\u007f' ? (char)(unit + 0xFEE0) : unit)),
        text => string.Join('\u200b', text.ToCharArray()),
        text => string.Concat(text.Select(unit => $"%{(int)unit:X2}")),
        text => string.Concat(text.Select(unit => $"&#{(int)unit};")),
        text => string.Concat(text.Select(unit => char.IsAsciiDigit(unit) ? char.ConvertFromUtf32(0x1D7CE + unit - '0') : unit.ToString())),
        text => string.Concat(text.Select(unit => char.IsAsciiDigit(unit) ? ((char)(0x660 + unit - '0')).ToString() : unit.ToString())),
        text => text.Replace("@", "%2540", StringComparison.Ordinal).Replace('-', '\u2011').Replace(' ', '\u00a0'),
    ];

    private static readonly Gen<string> _pieces = Gen.Elements(
    [
        .. WorstCaseTexts.Pieces, .. _values, "[EMAIL]", "[CARD:0a1b]", "call ", "order ", "card ", "ssn ", "zip ", "passport ",
        "my number is ", "office", "\t", "-", "x12", "é", "\ud83d\ude42", "2026-11-24",
    ]);

    private static readonly Gen<string> _texts = _pieces.ListOf().Select(pieces => string.Concat(pieces));

    [Fact]
    public void Redacting_twice_changes_nothing() => Prop.ForAll(_texts.ToArbitrary(), text =>
    {
        foreach (var redactor in new[] { new Redactor(null), new Redactor(new Pseudonyms(new byte[32])) })
        {
            var once = redactor.CreateSession("t_a").Redact(text);
            var again = redactor.CreateSession("t_a");
            again.Redact(once).ShouldBeSameAs(once);
            again.Counts.ShouldBeNull();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Redacting_any_text_twice_changes_nothing() => Prop.ForAll<NonNull<string>>(text =>
    {
        var once = Redacted.Text(text.Get);
        Redacted.Text(once).ShouldBeSameAs(once);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Values_are_redacted_in_every_notation()
    {
        var planted = Gen.Elements(_values).SelectMany(value => Gen.Elements(_notations).Select(form => (value, form(value))));
        var leading = Gen.Elements("", " ", "Say ", "\n", "\"", "(", ", ", "text. ", "id: ", "你好：", "🙂", "= ", "*");
        var trailing = Gen.Elements("", " ", " there", "\n", "\"", ")", ", and", ". Text", "！", " 你好", "🙂", ";", "*");
        Prop.ForAll(planted.ToArbitrary(), leading.ToArbitrary(), trailing.ToArbitrary(), (value, before, after) =>
        {
            var redacted = Redacted.Text(before + value.Item2 + after);
            var left = NormalizedText.From(redacted).Text.ToString();
            left.ShouldNotContain(value.Item1);
            Digits(left).ShouldNotContain(Digits(value.Item1).Length > 3 ? Digits(value.Item1) : "never");
            redacted.ShouldStartWith(before);
            redacted.ShouldEndWith(redacted.Contains("[URL]", StringComparison.Ordinal) ? "" : after); // some trailing text continues a URL
            redacted.ShouldContain("[");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void PreFilter_never_rules_out_what_a_detector_finds() => Prop.ForAll(_texts.ToArbitrary(), text =>
    {
        if (!PreFilter.MayMatch(text))
        {
            Scanner.Find(text).ShouldBeEmpty();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Text_without_findings_is_returned_as_the_same_instance()
    {
        "".ShouldContainNothing();
        "card_created".ShouldContainNothing();
        "0192f3a4-5678-7123-8456-789012345678".ShouldContainNothing();
        "Twelve monkeys: 12 of them, at 100 %.".ShouldContainNothing();
        "Grüße an alle – 100 % sicher".ShouldContainNothing();
    }

    [Fact]
    public void Json_without_findings_is_returned_as_the_same_instance_without_allocating()
    {
        var node = JsonNode.Parse("""
            {
              "agentId": "0192f3a4-5678-7123-8456-789012345678",
              "input": { "card_type": "note", "chars": 712, "list": ["a", null, true, 1.5, 123456] },
              "surface": "nexus"
            }
            """)!;
        var redactor = new Redactor(null);
        redactor.CreateSession("t_a").Redact(node).ShouldBeSameAs(node);
        var before = GC.GetAllocatedBytesForCurrentThread();
        redactor.CreateSession("t_a").Redact(node);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Json_is_redacted_in_values_property_names_and_nested_objects() =>
        Redacted.Json("""{"to":["jane@example.com",{"x":{"jane@example.com":"+49 30 901820"}}],"n":1,"t":true,"z":null}""")
            .ShouldBe("""{"to":["[EMAIL]",{"x":{"[EMAIL]":"[PHONE]"}}],"n":1,"t":true,"z":null}""");

    [Fact]
    public void Redacted_property_names_that_collide_get_a_suffix() =>
        Redacted.Json("""{"a@b.com":1,"c@d.com":2,"[EMAIL]_2":3,"e@f.com":{"[EMAIL]":4,"g@h.com":5}}""")
            .ShouldBe("""{"[EMAIL]":1,"[EMAIL]_3":2,"[EMAIL]_2":3,"[EMAIL]_4":{"[EMAIL]":4,"[EMAIL]_2":5}}""");

    [Fact]
    public void Input_is_not_changed()
    {
        var given = JsonNode.Parse("""{"a":{"b":"jane@example.com","c":[1,2]}}""")!;
        var redacted = new Redactor(null).CreateSession("t_a").Redact(given)!;
        given.ToJsonString().ShouldBe("""{"a":{"b":"jane@example.com","c":[1,2]}}""");
        redacted.ToJsonString().ShouldBe("""{"a":{"b":"[EMAIL]","c":[1,2]}}""");
        redacted.Parent.ShouldBeNull();
    }

    [Fact]
    public void Clr_values_are_redacted_as_their_json()
    {
        var node = new JsonObject
        {
            ["id"] = Guid.Parse("0192f3a4-5678-7123-8456-789012345678"),
            ["at"] = DateTimeOffset.UnixEpoch,
            ["card"] = 4111111111111111L,
            ["real"] = 4111111111111111d,
            ["money"] = 12.5m,
            ["mail"] = "jane@example.com",
        };
        var redacted = (JsonObject)new Redactor(null).CreateSession("t_a").Redact(node)!;
        redacted["card"]!.GetValue<string>().ShouldBe("[CARD]");
        redacted["real"]!.GetValue<string>().ShouldBe("[CARD]");
        redacted["mail"]!.GetValue<string>().ShouldBe("[EMAIL]");
        redacted["id"]!.ToJsonString().ShouldBe("\"0192f3a4-5678-7123-8456-789012345678\"");
        redacted["money"]!.ToJsonString().ShouldBe("12.5");
    }

    [Fact]
    public void Findings_are_counted_by_kind()
    {
        var session = new Redactor(null).CreateSession("t_a");
        session.Redact(JsonNode.Parse("""{"a@b.com":["c@d.org","123-45-6789"]}"""));
        session.Redact("e@f.net");
        session.Counts!.ByKind.ShouldBe([(PiiKind.Email, 3), (PiiKind.Ssn, 1)]);
    }

    [Fact]
    public void Overlapping_findings_are_merged() => Redacted.Text("https://jane@example.com:pass@10.0.0.1/x").ShouldBe("[URL]");

    [Fact]
    public void Text_that_reveals_more_in_every_round_is_replaced_as_a_whole()
    {
        // Each address puts the next number out of reach of the context word.
        var text = "call " + string.Join(' ', Enumerable.Repeat("12345678 someone.with.a.very.long.name.indeed.and.more@example.com", 8));
        var once = Redacted.Text(text);
        Redacted.Text(once).ShouldBeSameAs(once);
        once.ShouldNotContain("someone");
    }

    [Fact]
    public void Redacting_the_slowest_texts_twice_changes_nothing()
    {
        foreach (var text in WorstCaseTexts.All(3000))
        {
            var once = Redacted.Text(text);
            Redacted.Text(once).ShouldBeSameAs(once, text[..40]);
        }
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
