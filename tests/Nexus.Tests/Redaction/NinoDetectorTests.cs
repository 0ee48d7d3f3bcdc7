using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class NinoDetectorTests
{
    [Theory]
    [InlineData("AB123456C", "AB123456C")]
    [InlineData("is AB 12 34 56 C.", "AB 12 34 56 C")]
    [InlineData("nino ab123456c", "ab123456c")]
    [InlineData("NI number QQ 12 34 56 C", "QQ 12 34 56 C")]
    public void Numbers_are_found(string text, string number) => text.ShouldContainExactly(PiiKind.Nino, number);

    [Theory]
    [InlineData("QQ123456C")]
    [InlineData("GB123456C")]
    [InlineData("AB123456E")]
    [InlineData("XAB123456C")]
    [InlineData("AB1234567C")]
    [InlineData("ab123456c")]
    public void Unissued_prefixes_and_longer_tokens_are_ignored(string text) => text.ShouldContainNothing();
}
