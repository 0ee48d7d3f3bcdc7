using Nexus.Redaction;

namespace Nexus.Tests.Pii;

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
    public void Cards_are_found_alone(string number)
    {
        number.ShouldHold(PiiKind.Card, number);
        $"paid with {number}.".ShouldHold(PiiKind.Card, number);
        $"card-{number},".ShouldHold(PiiKind.Card, number);
    }

    [Theory]
    [InlineData("my card 4222222222222", "4222222222222")]
    [InlineData("Maestro 501800000009", "501800000009")]
    [InlineData("Kreditkarte: 41 11 11 11 11 11 11 11", "41 11 11 11 11 11 11 11")]
    [InlineData("visa 4000000000000000006", "4000000000000000006")]
    public void Rarer_forms_are_found_by_their_words(string text, string number) => text.ShouldHold(PiiKind.Card, number);

    [Theory]
    [InlineData("4111111111111112")]
    [InlineData("1111111111111117")]
    [InlineData("4222222222222")]
    [InlineData("0.4111111111111111")]
    [InlineData("x4111111111111111")]
    [InlineData("4111111111111111f")]
    [InlineData("41111111111111111111")]
    [InlineData("9223372036854775807")]
    public void Other_numbers_are_none(string text) => text.ShouldHoldNothing();

    [Fact]
    public void A_row_of_numbers_is_no_card() => "4111 1111 1111 1111 1111 1111".ShouldHoldNothing();

    [Fact]
    public void A_number_in_json_is_a_card_however_it_is_written() =>
        Redacted.Json("""[4111111111111111,4.111111111111111e15,4111111111111112]""").ShouldBe("""["[CARD]","[CARD]",4111111111111112]""");
}
