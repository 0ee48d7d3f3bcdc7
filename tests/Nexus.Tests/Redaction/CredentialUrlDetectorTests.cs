using Nexus.Redaction;

namespace Nexus.Tests.Redaction;

public sealed class CredentialUrlDetectorTests
{
    [Theory]
    [InlineData("postgres://nexus:s3cret@db.internal/nexus")]
    [InlineData("https://jane:pass@example.com:8443/a?b=c#d")]
    [InlineData("https://example.com/reset?token=abcdef&x=1")]
    [InlineData("https://example.com/cb#access_token=abcdef")]
    [InlineData("https://bucket.s3.amazonaws.com/k?X-Amz-Signature=0a1b2c")]
    public void Urls_with_credentials_are_found(string url) => $"at {url}, now".ShouldContainExactly(PiiKind.Url, url);

    [Fact]
    public void Nested_urls_are_found() =>
        Redacted.Text("go https://a.example/?next=https://u:p@b.example/ now").ShouldBe("go https://a.example/?next=[URL] now");

    [Theory]
    [InlineData("https://example.com/a?page=2")]
    [InlineData("https://example.com:8443/@jane")]
    [InlineData("ssh://git@example.com/nexus.git")]
    [InlineData("https://example.com/?token=")]
    public void Urls_without_credentials_are_ignored(string url) => Redacted.Found(PiiKind.Url, url).ShouldBeEmpty();
}
