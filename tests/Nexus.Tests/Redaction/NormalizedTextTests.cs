using System.Globalization;
using System.Text;
using Nexus.Redaction.Text;

namespace Nexus.Tests.Redaction;

/// <summary>Personal data is found in any notation, and what is redacted is the original notation.</summary>
public sealed class NormalizedTextTests
{
    [Theory]
    [InlineData("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "jane@example.com")]
    [InlineData("jane%40example.com", "jane@example.com")]
    [InlineData("jane%2540example%2Ecom", "jane@example.com")]
    [InlineData("jane&#64;example&#x2e;com", "jane@example.com")]
    [InlineData("jane&amp;#64;example.com", "jane@example.com")]
    [InlineData("jane&commat;example&period;com", "jane@example.com")]
    [InlineData("ja\u200bne\u00ad@exam\ufeffple.com", "jane@example.com")]
    [InlineData("𝐣𝐚𝐧𝐞@𝓮𝔁𝓪𝓶𝓹𝓵𝓮.com", "jane@example.com")]
    [InlineData("ﬁﬂ@oﬃce.com", "fifl@office.com")]
    [InlineData("j%C3%BCrgen", "jürgen")]
    [InlineData("%EF%BC%A0", "@")]
    [InlineData("①②③ ⁴⁵⁶ ₇₈₉ ⒈ ⑩ ⓪", "123 456 789 1. 10 0")]
    [InlineData("٠١٢ ۳۴۵ ६७८ 𝟗𝟘𝟣", "012 345 678 901")]
    [InlineData("1\ufe0f\u20e32\ufe0f\u20e3", "12")]
    [InlineData("a\u00a0b\u2009c\u3000d", "a b c d")]
    [InlineData("1\u20102\u20113\u20124\u20135\u22126", "1-2-3-4-5-6")]
    [InlineData("%", "%")]
    [InlineData("100%zz &unknown; &#; %4", "100%zz &unknown; &#; %4")]
    [InlineData("plain text, Grüße, 你好, 🙂", "plain text, Grüße, 你好, 🙂")]
    [InlineData("[EMAIL] x [PHONE:0a1b] [OTHER]", "\ufffc x \ufffc [OTHER]")]
    public void Text_is_folded_and_decoded(string text, string read) => NormalizedText.From(text).Text.ToString().ShouldBe(read);

    [Theory]
    [InlineData("x %6A%61ne%40example.com y", "x [EMAIL] y")]
    [InlineData("call (+４９) ３０\u200b９０１８２０!", "call [PHONE]!")]
    [InlineData("４１１１１１１１１１１１１１１１", "[CARD]")]
    [InlineData("𝟜𝟙𝟙𝟙 𝟙𝟙𝟙𝟙 𝟙𝟙𝟙𝟙 𝟙𝟙𝟙𝟙", "[CARD]")]
    [InlineData("SSN: ١٢٣-٤٥-٦٧٨٩.", "SSN: [SSN].")]
    [InlineData("415\u00a0555\u00a02671", "[PHONE]")]
    [InlineData("415\u2011555\u20112671", "[PHONE]")]
    [InlineData("192.168.1.②⓪", "[IP]")]
    [InlineData("4\u00ad1\u00ad1\u00ad1111111111111", "[CARD]")]
    [InlineData("id=%31%32%33-45-6789", "id=[SSN]")]
    public void The_original_notation_is_redacted(string text, string redacted) => Redacted.Text(text).ShouldBe(redacted);

    [Fact]
    public void Unpaired_surrogates_are_left_unchanged() =>
        Redacted.Text("\ud835 jane@example.com \udfce").ShouldBe("\ud835 [EMAIL] \udfce");

    [Fact]
    public void Decimal_digits_of_all_scripts_are_folded()
    {
        foreach (var codePoint in Enumerable.Range(0x80, 0x1FBFA - 0x80).Where(Rune.IsValid).Select(value => new Rune(value)))
        {
            // Digits that are newer than the table's version of Unicode are not folded.
            if (Rune.GetUnicodeCategory(codePoint) == UnicodeCategory.DecimalDigitNumber
                && UnicodeFolds.TryFold(codePoint.Value, out var digit))
            {
                digit.ShouldBe(((int)Rune.GetNumericValue(codePoint)).ToString(CultureInfo.InvariantCulture));
            }
        }

        ((int[])[0x660, 0x966, 0x1D7FF, 0xFF19, 0x1FBF9, 0x104A0]).All(value => UnicodeFolds.TryFold(value, out var _)).ShouldBeTrue();
    }
}
