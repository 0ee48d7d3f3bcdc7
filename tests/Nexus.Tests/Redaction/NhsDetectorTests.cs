using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class NhsDetectorTests
{
    [Theory]
    [InlineData("NHS number 943 476 5919", "943 476 5919")]
    [InlineData("patient: 9434765919", "9434765919")]
    [InlineData("nhs 943-476-5919", "943-476-5919")]
    public void Numbers_are_found_with_a_context_word(string text, string number) => text.ShouldContainExactly(PiiKind.Nhs, number);

    [Theory]
    [InlineData("NHS 943 476 5918")]
    [InlineData("9434765919")]
    public void Numbers_without_check_digit_or_context_word_are_ignored(string text) => Redacted.Found(PiiKind.Nhs, text).ShouldBeEmpty();
}
