using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class SsnDetectorTests
{
    [Theory]
    [InlineData("123-45-6789", "123-45-6789")]
    [InlineData("ID: 308-63-0237.", "308-63-0237")]
    [InlineData("SSN 308 63 0237", "308 63 0237")]
    [InlineData("social security number: 308630237", "308630237")]
    [InlineData("ssn=308.63.0237", "308.63.0237")]
    public void Numbers_are_found(string text, string number) => text.ShouldContainExactly(PiiKind.Ssn, number);

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
    public void Other_numbers_are_ignored(string text) => text.ShouldContainNothing();
}
