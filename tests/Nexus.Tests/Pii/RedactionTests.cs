using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Redaction;
using Nexus.Testing.Redaction;

namespace Nexus.Tests.Pii;

public sealed class RedactionTests
{
    private static readonly string[] _values =
    [
        "jane.doe@example.com", "o'brien+x@mail.example.co.uk", "+49 30 901820", "415-555-2671", "(415) 555-2671", "4111 1111 1111 1111", "5555555555554444", "378282246310005", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000",
        "192.168.1.20", "2001:db8::8a2e:370:7334", "00:1B:44:11:3A:B7", "123-45-6789", "912-70-1234", "AB123456C", "86095742719", "12345678Z", "https://jane:pass@example.com/x", "AKIAIOSFODNN7EXAMPL1",
    ];

    private static readonly Func<string, string>[] _forms =
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
        [.. WorstCaseTexts.Pieces, .. _values, "[EMAIL]", "[CARD:0a1b]", "call ", "order ", "card ", "ssn ", "zip ", "passport ", "my number is ", "office", "\t", "-", "x12", "é", "\ud83d\ude42", "2026-11-24"]);

    private static readonly Gen<string> _texts = _pieces.ListOf().Select(pieces => string.Concat(pieces));

    [Fact]
    public void A_second_time_finds_nothing() => Prop.ForAll(_texts.ToArbitrary(), text =>
    {
        foreach (var redactor in new[] { new Redactor(null), new Redactor(new Pseudonyms(new byte[32])) })
        {
            var once = redactor.For("t_a").Of(text);
            var again = redactor.For("t_a");
            again.Of(once).ShouldBeSameAs(once);
            again.Found.ShouldBeNull();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_text_at_all_is_redacted_the_same_way_twice() => Prop.ForAll<NonNull<string>>(text =>
    {
        var once = Redacted.Text(text.Get);
        Redacted.Text(once).ShouldBeSameAs(once);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Nothing_of_a_planted_value_survives_in_any_form()
    {
        var planted = Gen.Elements(_values).SelectMany(value => Gen.Elements(_forms).Select(form => (value, form(value))));
        var leading = Gen.Elements("", " ", "Say ", "\n", "\"", "(", ", ", "text. ", "id: ", "你好：", "🙂", "= ", "*");
        var trailing = Gen.Elements("", " ", " there", "\n", "\"", ")", ", and", ". Text", "！", " 你好", "🙂", ";", "*");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(planted.ToArbitrary(), leading.ToArbitrary(), trailing.ToArbitrary(), (value, before, after) =>
        {
            var redacted = Redacted.Text(before + value.Item2 + after);
            var left = NormalText.Of(redacted).Text.ToString();
            left.ShouldNotContain(value.Item1);
            Digits(left).ShouldNotContain(Digits(value.Item1).Length > 3 ? Digits(value.Item1) : "never");
            redacted.ShouldStartWith(before);
            redacted.ShouldEndWith(redacted.Contains("[URL]", StringComparison.Ordinal) ? "" : after); // a URL ends where its text does
            redacted.ShouldContain("[");
        }));
    }

    [Fact]
    public void A_glance_passes_nothing_that_a_detector_finds() => Prop.ForAll(_texts.ToArbitrary(), text =>
    {
        if (!Glance.MayHold(text))
        {
            Scan.Of(text).ShouldBeEmpty();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Text_without_findings_comes_back_as_the_same_instance()
    {
        foreach (var text in new[] { "", "card_created", "0192f3a4-5678-7123-8456-789012345678", "Twelve monkeys: 12 of them, at 100 %.", "Grüße an alle – 100 % sicher" })
        {
            text.ShouldHoldNothing();
        }
    }

    [Fact]
    public void Json_without_findings_comes_back_as_the_same_instance_and_allocates_nothing()
    {
        var node = JsonNode.Parse("""{"agentId":"0192f3a4-5678-7123-8456-789012345678","input":{"card_type":"note","chars":712,"list":["a",null,true,1.5,123456]},"surface":"nexus"}""")!;
        var redactor = new Redactor(null);
        redactor.For("t_a").Of(node).ShouldBeSameAs(node);
        var before = GC.GetAllocatedBytesForCurrentThread();
        redactor.For("t_a").Of(node);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Json_is_walked_in_values_names_and_nested_objects() =>
        Redacted.Json("""{"to":["jane@example.com",{"x":{"jane@example.com":"+49 30 901820"}}],"n":1,"t":true,"z":null}""")
            .ShouldBe("""{"to":["[EMAIL]",{"x":{"[EMAIL]":"[PHONE]"}}],"n":1,"t":true,"z":null}""");

    [Fact]
    public void Redacted_names_that_collide_get_a_suffix() =>
        Redacted.Json("""{"a@b.com":1,"c@d.com":2,"[EMAIL]_2":3,"e@f.com":{"[EMAIL]":4,"g@h.com":5}}""")
            .ShouldBe("""{"[EMAIL]":1,"[EMAIL]_3":2,"[EMAIL]_2":3,"[EMAIL]_4":{"[EMAIL]":4,"[EMAIL]_2":5}}""");

    [Fact]
    public void What_was_given_stays_as_it_was()
    {
        var given = JsonNode.Parse("""{"a":{"b":"jane@example.com","c":[1,2]}}""")!;
        var redacted = new Redactor(null).For("t_a").Of(given)!;
        given.ToJsonString().ShouldBe("""{"a":{"b":"jane@example.com","c":[1,2]}}""");
        redacted.ToJsonString().ShouldBe("""{"a":{"b":"[EMAIL]","c":[1,2]}}""");
        redacted.Parent.ShouldBeNull();
    }

    [Fact]
    public void Values_of_the_framework_are_read_as_their_json()
    {
        var node = new JsonObject { ["id"] = Guid.Parse("0192f3a4-5678-7123-8456-789012345678"), ["at"] = DateTimeOffset.UnixEpoch, ["card"] = 4111111111111111L, ["real"] = 4111111111111111d, ["money"] = 12.5m, ["mail"] = "jane@example.com" };
        var redacted = (JsonObject)new Redactor(null).For("t_a").Of(node)!;
        redacted["card"]!.GetValue<string>().ShouldBe("[CARD]");
        redacted["real"]!.GetValue<string>().ShouldBe("[CARD]");
        redacted["mail"]!.GetValue<string>().ShouldBe("[EMAIL]");
        redacted["id"]!.ToJsonString().ShouldBe("\"0192f3a4-5678-7123-8456-789012345678\"");
        redacted["money"]!.ToJsonString().ShouldBe("12.5");
    }

    [Fact]
    public void Kinds_are_counted()
    {
        var redaction = new Redactor(null).For("t_a");
        redaction.Of(JsonNode.Parse("""{"a@b.com":["c@d.org","123-45-6789"]}"""));
        redaction.Of("e@f.net");
        redaction.Found!.Found.ShouldBe([(PiiKind.Email, 3), (PiiKind.Ssn, 1)]);
    }

    [Fact]
    public void Findings_that_overlap_go_as_one() => Redacted.Text("https://jane@example.com:pass@10.0.0.1/x").ShouldBe("[URL]");

    [Fact]
    public void A_text_that_shows_more_with_every_round_goes_as_a_whole()
    {
        // Each address hides the next number from the word that speaks of it.
        var text = "call " + string.Join(' ', Enumerable.Repeat("12345678 someone.with.a.very.long.name.indeed.and.more@example.com", 8));
        var once = Redacted.Text(text);
        Redacted.Text(once).ShouldBeSameAs(once);
        once.ShouldNotContain("someone");
    }

    [Fact]
    public void The_worst_texts_are_redacted_and_come_to_rest()
    {
        foreach (var text in WorstCaseTexts.All(3000))
        {
            var once = Redacted.Text(text);
            Redacted.Text(once).ShouldBeSameAs(once, text[..40]);
        }
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
