using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class CardDetectorTests
{
    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111-1111-1111-1111")]
    [InlineData("4111.1111.1111.1111")]
    [InlineData("5555555555554444")]
    [InlineData("2223003122003222")]
    [InlineData("378282246310005")]
    [InlineData("3782 822463 10005")]
    [InlineData("30569309025904")]
    [InlineData("3056 930902 5904")]
    [InlineData("6011111111111117")]
    [InlineData("3530111333300000")]
    [InlineData("6200000000000005")]
    public void Cards_are_found_without_context(string number)
    {
        number.ShouldContainExactly(PiiKind.Card, number);
        $"paid with {number}.".ShouldContainExactly(PiiKind.Card, number);
        $"card-{number},".ShouldContainExactly(PiiKind.Card, number);
    }

    [Theory]
    [InlineData("my card 4222222222222", "4222222222222")]
    [InlineData("Maestro 501800000009", "501800000009")]
    [InlineData("Kreditkarte: 41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11")]
    [InlineData("visa 4000000000000000006", "4000000000000000006")]
    public void Less_common_forms_are_found_with_a_context_word(string text, string number) =>
        text.ShouldContainExactly(PiiKind.Card, number);

    [Theory]
    [InlineData("4111111111111112")]
    [InlineData("1111111111111117")]
    [InlineData("4222222222222")]
    [InlineData("0.4111111111111111")]
    [InlineData("x4111111111111111")]
    [InlineData("4111111111111111f")]
    [InlineData("41111111111111111111")]
    [InlineData("9223372036854775807")]
    public void Other_numbers_are_ignored(string text) => text.ShouldContainNothing();

    [Fact]
    public void Rows_of_four_digit_numbers_are_ignored() => "4111 1111 1111 1111 1111 1111".ShouldContainNothing();

    [Fact]
    public void Json_numbers_are_found_in_any_notation() =>
        Redacted.Json("""[4111111111111111,4.111111111111111e15,4111111111111112]""").ShouldBe("""["[CARD]","[CARD]",4111111111111112]""");
}
