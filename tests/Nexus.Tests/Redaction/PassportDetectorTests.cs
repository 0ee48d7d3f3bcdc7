using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class PassportDetectorTests
{
    [Theory]
    [InlineData("Passport No. 123456789", "123456789")]
    [InlineData("my passport is C01X00T47", "C01X00T47")]
    [InlineData("Reisepass: L8983602C", "L8983602C")]
    public void Numbers_are_found_with_a_context_word(string text, string number) => text.ShouldContainExactly(PiiKind.Passport, number);

    [Theory]
    [InlineData("123456789")]
    [InlineData("passport control opened in 1920")]
    public void Other_numbers_are_ignored(string text) => text.ShouldContainNothing();

    [Fact]
    public void Property_names_give_context() =>
        Redacted.Json("""{"passport_no":"C01X00T47","count":12345}""").ShouldBe("""{"passport_no":"[PASSPORT]","count":12345}""");
}
