using Microsoft.Extensions.Configuration;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Platform.Hosting;

/// <summary>How the section <c>Nexus</c> is bound, and what an operator reads about its mistakes.</summary>
public sealed class NexusOptionsTests
{
    [Theory]
    [InlineData("Nexus:MasterKee", "x", "Unknown setting Nexus:MasterKee. Did you mean Nexus:MasterKey?")]
    [InlineData("Nexus:RateLimit:Limit", "5", "Unknown setting Nexus:RateLimit:Limit. Did you mean Nexus:RateLimits:Limit?")]
    [InlineData(
        "Nexus:Auth:Issuers:1:Audiense", "x", "Unknown setting Nexus:Auth:Issuers:1:Audiense. Did you mean Nexus:Auth:Issuers:1:Audience?")]
    [InlineData("Nexus:Quotas:Tenants:t_a:Requests", "1", "Unknown setting Nexus:Quotas:Tenants:t_a:Requests.")]
    [InlineData(
        "Nexus:Something:Else:Entirely", "1", "Unknown setting Nexus:Something:Else:Entirely. docs/operations.md lists the settings.")]
    [InlineData("Nexus:Database:Engine:Name", "1", "Unknown setting Nexus:Database:Engine:Name. Did you mean Nexus:Database:Engine?")]
    [InlineData("Nexus:RateLimits:Limit", "abc", "Nexus:RateLimits:Limit: 'abc' is not an integer.")]
    [InlineData("Nexus:RateLimits:Limit", "", "Nexus:RateLimits:Limit: '' is not an integer.")]
    [InlineData("Nexus:RateLimits:Limit", "99999999999", "Nexus:RateLimits:Limit: '99999999999' is out of range.")]
    [InlineData("Nexus:RateLimits:Actions:card_create", "x", "Nexus:RateLimits:Actions:card_create: 'x' is not an integer.")]
    [InlineData("Nexus:RateLimits:Tenants:t_a:card_create", "x", "Nexus:RateLimits:Tenants:t_a:card_create: 'x' is not an integer.")]
    [InlineData("Nexus:Log:ContentRetention", "soon", "Nexus:Log:ContentRetention: 'soon' is not an integer.")]
    [InlineData("Nexus:Embeddings:Weight", "much", "Nexus:Embeddings:Weight: 'much' is not a number.")]
    [InlineData("Nexus:Auth:AllowSignup", "yes", "Nexus:Auth:AllowSignup: 'yes' is not true or false.")]
    [InlineData("Nexus:RateLimits:Limit", "0", "Nexus:RateLimits:Limit must be 1 or more, not 0.")]
    [InlineData("Nexus:Database:Engine", "oracle", "Nexus:Database:Engine must be sqlite or postgres, not 'oracle'.")]
    [InlineData("Nexus:Proxies:0", "proxy", "Nexus:Proxies:0 must be an address or a network such as 10.0.0.0/8, not 'proxy'.")]
    [InlineData(
        "Nexus:Cors:Origins:0", "https://a.example/x",
        "Nexus:Cors:Origins:0 must be an origin such as https://app.example.com, not 'https://a.example/x'.")]
    [InlineData("Nexus:Blobs:MaxBytes", "0", "Nexus:Blobs:MaxBytes must be 1 to 5368709120, not 0.")]
    public void Mistake_names_setting_value_and_what_is_allowed(string key, string value, string expected) =>
        Refuse((key, value)).ShouldContain(expected);

    [Fact]
    public void Every_mistake_is_reported_at_once()
    {
        var message = Refuse(
            ("Nexus:Colour", "blue"),
            ("Nexus:RateLimits:WindowSeconds", "0"),
            ("Nexus:RateLimits:Limit", "many"),
            ("Nexus:Blobs:Engine", "s3"));
        foreach (var key in new[]
        {
            "Nexus:Colour",
            "Nexus:RateLimits:WindowSeconds",
            "Nexus:RateLimits:Limit",
            "Nexus:Blobs:Bucket",
            "Nexus:Blobs:AccessKey",
            "Nexus:Blobs:SecretKey",
        })
        {
            message.ShouldContain(key);
        }
    }

    [Fact]
    public void Secret_is_not_repeated()
    {
        Refuse(("Nexus:Auth:TrustedHs256Secret", "hunter2")).ShouldNotContain("hunter2");
        Refuse(("Nexus:Blobs:Engine", "s3"), ("Nexus:Blobs:Endpoint", "ftp://user:hunter2@example.com")).ShouldNotContain("hunter2");
    }

    [Fact]
    public void Settings_are_bound_without_regard_to_case()
    {
        var options = Read(
            ("nexus:ratelimits:limit", "7"), ("Nexus:RateLimits:Tenants:t_a:card_create", "3"), ("Nexus:Log:ContentRetention", ""),
            ("Nexus:Auth:Issuers:0:Issuer", "https://issuer.example"),
            ("Nexus:Auth:Issuers:0:Audience", "nexus"),
            ("Nexus:Auth:Issuers:0:Tenants:0", "t_a"));
        options.RateLimits.GetLimit("t_b", "card_create").ShouldBe(7);
        options.RateLimits.GetLimit("t_a", "card_create").ShouldBe(3);
        options.Log.ContentRetention.ShouldBeNull();
        options.Auth.Issuers.Single().Tenants.ShouldBe(["t_a"]);
        Read().Database.Engine.ShouldBe("sqlite");
    }

    private static NexusOptions Read(params (string Key, string Value)[] settings) => NexusOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .Build());

    private static string Refuse(params (string Key, string Value)[] settings) =>
        Should.Throw<StartupException>(() => Read(settings)).Message;
}
