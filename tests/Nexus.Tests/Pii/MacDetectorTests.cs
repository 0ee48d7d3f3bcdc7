using Nexus.Redaction;

namespace Nexus.Tests.Pii;

public sealed class MacDetectorTests
{
    [Theory]
    [InlineData("aa:bb:cc:dd:ee:ff")]
    [InlineData("00:1B:44:11:3A:B7")]
    [InlineData("00-1B-44-11-3A-B7")]
    [InlineData("001b.4411.3ab7")]
    public void Addresses_are_found(string address) => $"eth0 {address}!".ShouldHold(PiiKind.Mac, address);

    [Fact]
    public void Digits_alone_are_found_by_their_word() => "MAC 00-11-22-33-44-55".ShouldHold(PiiKind.Mac, "00-11-22-33-44-55");

    [Theory]
    [InlineData("00:00:00:00:00:00 ff:ff:ff:ff:ff:ff")]
    [InlineData("AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD")]
    [InlineData("aa:bb:cc:dd:ee")]
    [InlineData("aa-bb-cc-dd-ee-ff-gg-00")]
    public void Others_are_none(string text) => Redacted.Found(PiiKind.Mac, text).ShouldBeEmpty();
}
