using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>Numbers of the United Kingdom's health service and national insurance.</summary>
public sealed class UkNumberTests
{
    [Theory]
    [InlineData("NHS number 943 476 5919", "943 476 5919")]
    [InlineData("patient: 9434765919", "9434765919")]
    [InlineData("nhs 943-476-5919", "943-476-5919")]
    public void Health_numbers_are_found_by_their_words(string text, string number) => text.ShouldHold(PiiKind.Nhs, number);

    [Theory]
    [InlineData("NHS 943 476 5918")]
    [InlineData("9434765919")]
    public void Without_check_digit_or_word_they_are_none(string text) => Redacted.Found(PiiKind.Nhs, text).ShouldBeEmpty();

    [Theory]
    [InlineData("AB123456C", "AB123456C")]
    [InlineData("is AB 12 34 56 C.", "AB 12 34 56 C")]
    [InlineData("nino ab123456c", "ab123456c")]
    [InlineData("NI number QQ 12 34 56 C", "QQ 12 34 56 C")]
    public void Insurance_numbers_are_found(string text, string number) => text.ShouldHold(PiiKind.Nino, number);

    [Theory]
    [InlineData("QQ123456C")]
    [InlineData("GB123456C")]
    [InlineData("AB123456E")]
    [InlineData("XAB123456C")]
    [InlineData("AB1234567C")]
    [InlineData("ab123456c")]
    public void Others_are_none(string text) => text.ShouldHoldNothing();
}
