using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

public sealed class VerifiedTokensTests
{
    private readonly SetClock _clock = new();

    [Fact]
    public void Token_is_cached_until_it_expires()
    {
        var tokens = new VerifiedTokenCache(_clock);
        var who = Who(60);
        tokens.Add("abc", who);
        tokens.Find("abc").ShouldBeSameAs(who);
        tokens.Find("abd").ShouldBeNull();
        _clock.Now = _clock.Now.AddSeconds(60);
        tokens.Find("abc").ShouldBeNull();
    }

    [Fact]
    public void Cache_is_bounded_and_keeps_tokens_in_use()
    {
        var tokens = new VerifiedTokenCache(_clock, 100);
        var who = Who(60);
        tokens.Add("busy", who);
        for (var i = 0; i < 10_000; i++)
        {
            tokens.Add($"flood {i}", Who(60));
            tokens.Count.ShouldBeLessThanOrEqualTo(101);
            if (i % 40 == 0)
            {
                tokens.Find("busy").ShouldBeSameAs(who);
            }
        }
    }

    [Fact]
    public void Concurrent_adds_stay_within_bound()
    {
        var tokens = new VerifiedTokenCache(_clock, 1000);
        Parallel.For(0, 50_000, i =>
        {
            tokens.Add($"token {i % 3000}", Who(60));
            tokens.Find($"token {i % 500}");
        });
        tokens.Count.ShouldBeLessThanOrEqualTo(1100);
    }

    [Fact]
    public void Lookup_does_not_allocate()
    {
        var tokens = new VerifiedTokenCache(_clock);
        var token = new string('x', 900);
        tokens.Add(token, Who(60));
        tokens.Find(token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            tokens.Find(token);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(8193, 'x')]
    [InlineData(10, '\u00e9')]
    public void Oversized_or_non_ASCII_token_is_not_cached(int length, char c)
    {
        var tokens = new VerifiedTokenCache(_clock);
        tokens.Add(new string(c, length), Who(60));
        tokens.Find(new string(c, length)).ShouldBeNull();
        tokens.Count.ShouldBe(0);
    }

    private AuthContext Who(int seconds) =>
        new() { UserId = "u1", Provider = "password", ExpiresAt = _clock.Now.AddSeconds(seconds) };
}
