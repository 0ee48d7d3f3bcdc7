using Nexus.Redaction;

namespace Nexus.Tests.Pii;

/// <summary>Social security and taxpayer numbers of the United States.</summary>
public sealed class UsNumberTests
{
    [Theory]
    [InlineData("123-45-6789", "123-45-6789")]
    [InlineData("ID: 308-63-0237.", "308-63-0237")]
    [InlineData("SSN 308 63 0237", "308 63 0237")]
    [InlineData("social security number: 308630237", "308630237")]
    [InlineData("ssn=308.63.0237", "308.63.0237")]
    public void Social_security_numbers_are_found(string text, string number) => text.ShouldHold(PiiKind.Ssn, number);

    [Theory]
    [InlineData("000-12-3456")]
    [InlineData("666-12-3456")]
    [InlineData("123-00-4567")]
    [InlineData("123-45-0000")]
    [InlineData("123-45-67890")]
    [InlineData("1-123-45-6789")]
    [InlineData("123-45 6789")]
    [InlineData("123456789")]
    [InlineData("308 63 0237")]
    [InlineData("AB-308-63-0237")]
    public void Other_numbers_are_none(string text) => text.ShouldHoldNothing();

    [Theory]
    [InlineData("912-70-1234", "912-70-1234")]
    [InlineData("ITIN 912 70 1234", "912 70 1234")]
    [InlineData("itin: 912501234", "912501234")]
    public void Taxpayer_numbers_are_found(string text, string number) => text.ShouldHold(PiiKind.Itin, number);

    [Fact]
    public void Their_groups_are_those_given_out() => "912-69-1234 812-70-1234x".ShouldHoldNothing();
}
