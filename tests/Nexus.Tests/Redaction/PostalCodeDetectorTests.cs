using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class PostalCodeDetectorTests
{
    [Theory]
    [InlineData("zip 12345", "12345")]
    [InlineData("ZIP code: 12345-6789", "12345-6789")]
    [InlineData("postcode SW1A 1AA", "SW1A 1AA")]
    [InlineData("PLZ 10115 Berlin", "10115")]
    [InlineData("postal code K1A 0B1", "K1A 0B1")]
    [InlineData("postcode 1012 AB Amsterdam", "1012 AB")]
    [InlineData("postnummer: 112 34", "112 34")]
    public void Codes_are_found_with_a_context_word(string text, string code) => text.ShouldContainExactly(PiiKind.PostalCode, code);

    [Theory]
    [InlineData("SW1A 1AA")]
    [InlineData("the zip file 12345")]
    [InlineData("the zip holds very many, 12345")]
    public void Codes_without_a_context_word_are_ignored(string text) => text.ShouldContainNothing();

    [Fact]
    public void Property_names_give_context() =>
        Redacted.Json("""{"postalCode":"10115","zip":12345,"count":12345}""")
            .ShouldBe("""{"postalCode":"[POSTAL_CODE]","zip":"[POSTAL_CODE]","count":12345}""");
}
