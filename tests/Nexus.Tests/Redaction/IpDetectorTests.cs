using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class IpDetectorTests
{
    [Theory]
    [InlineData("from 192.168.1.20:8080", "192.168.1.20")]
    [InlineData("http://203.0.113.7/x", "203.0.113.7")]
    [InlineData("10.0.0.0/8 is private", "10.0.0.0")]
    [InlineData("seen at 8.8.8.8.", "8.8.8.8")]
    [InlineData("2001:db8::8a2e:370:7334", "2001:db8::8a2e:370:7334")]
    [InlineData("[fe80::1%eth0]:443", "fe80::1%eth0")]
    [InlineData("4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a blocked", "4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a")]
    [InlineData("::ffff:192.0.2.128", "::ffff:192.0.2.128")]
    [InlineData("ip:2001:db8::1", "2001:db8::1")]
    [InlineData("address: 2001:DB8::1.", "2001:DB8::1")]
    public void Addresses_are_found(string text, string address) => text.ShouldContainExactly(PiiKind.Ip, address);

    [Theory]
    [InlineData("127.0.0.1 and ::1 and 0.0.0.0 and 255.255.255.0 and ::")]
    [InlineData("version 1.2.3.4")]
    [InlineData("v1.2.3.4")]
    [InlineData("1.3.6.1.4.1.311")]
    [InlineData("256.1.1.1")]
    [InlineData("std::vector<a::b> and Ab::Cd")]
    [InlineData("10:30:45 and 12:00")]
    [InlineData("sha256:deadbeef")]
    [InlineData("key: value: other")]
    public void Versions_names_and_addresses_of_no_machine_are_ignored(string text) => text.ShouldContainNothing();
}
