using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class IbanDetectorTests
{
    [Theory]
    [InlineData("GB82WEST12345698765432")]
    [InlineData("GB82 WEST 1234 5698 7654 32")]
    [InlineData("gb82west12345698765432")]
    [InlineData("DE89370400440532013000")]
    [InlineData("DE89-3704-0044-0532-0130-00")]
    [InlineData("FR1420041010050500013M02606")]
    [InlineData("NO9386011117947")]
    [InlineData("MT84MALT011000012345MTLCAST001S")]
    public void Ibans_are_found(string number)
    {
        number.ShouldContainExactly(PiiKind.Iban, number);
        $"to {number} by Friday".ShouldContainExactly(PiiKind.Iban, number);
    }

    [Theory]
    [InlineData("GB82WEST12345698765433")]
    [InlineData("ZZ82WEST12345698765432")]
    [InlineData("GB82WEST1234569876543")]
    [InlineData("xGB82WEST12345698765432")]
    [InlineData("GB82WEST123456987654321")]
    public void Invalid_ibans_are_ignored(string text) => Redacted.Found(PiiKind.Iban, text).ShouldBeEmpty();
}
