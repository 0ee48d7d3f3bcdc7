using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class MacDetectorTests
{
    [Theory]
    [InlineData("aa:bb:cc:dd:ee:ff")]
    [InlineData("00:1B:44:11:3A:B7")]
    [InlineData("00-1B-44-11-3A-B7")]
    [InlineData("001b.4411.3ab7")]
    public void Addresses_are_found(string address) => $"eth0 {address}!".ShouldContainExactly(PiiKind.Mac, address);

    [Fact]
    public void Addresses_of_digits_alone_are_found_with_a_context_word() =>
        "MAC 00-11-22-33-44-55".ShouldContainExactly(PiiKind.Mac, "00-11-22-33-44-55");

    [Theory]
    [InlineData("00:00:00:00:00:00 ff:ff:ff:ff:ff:ff")]
    [InlineData("AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD")]
    [InlineData("aa:bb:cc:dd:ee")]
    [InlineData("aa-bb-cc-dd-ee-ff-gg-00")]
    public void Other_sequences_are_ignored(string text) => Redacted.Found(PiiKind.Mac, text).ShouldBeEmpty();
}
