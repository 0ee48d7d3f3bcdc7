using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>What only a word next to it tells from any number.</summary>
public sealed class PassportAndPostalTests
{
    [Theory]
    [InlineData("Passport No. 123456789", "123456789")]
    [InlineData("my passport is C01X00T47", "C01X00T47")]
    [InlineData("Reisepass: L8983602C", "L8983602C")]
    public void Passports_are_found(string text, string number) => text.ShouldHold(PiiKind.Passport, number);

    [Theory]
    [InlineData("zip 12345", "12345")]
    [InlineData("ZIP code: 12345-6789", "12345-6789")]
    [InlineData("postcode SW1A 1AA", "SW1A 1AA")]
    [InlineData("PLZ 10115 Berlin", "10115")]
    [InlineData("postal code K1A 0B1", "K1A 0B1")]
    [InlineData("postcode 1012 AB Amsterdam", "1012 AB")]
    [InlineData("postnummer: 112 34", "112 34")]
    public void Postal_codes_are_found(string text, string code) => text.ShouldHold(PiiKind.PostalCode, code);

    [Theory]
    [InlineData("123456789")]
    [InlineData("SW1A 1AA")]
    [InlineData("the zip file 12345")]
    [InlineData("the zip holds very many, 12345")]
    [InlineData("passport control opened in 1920")]
    public void Alone_they_are_none(string text) => text.ShouldHoldNothing();

    [Fact]
    public void The_name_of_a_member_is_such_a_word() =>
        Redacted.Json("""{"postalCode":"10115","zip":12345,"passport_no":"C01X00T47","count":12345}""").ShouldBe("""{"postalCode":"[POSTAL_CODE]","zip":"[POSTAL_CODE]","passport_no":"[PASSPORT]","count":12345}""");
}
