using System.Net;
using Nexus.Server.Identity.Accounts;

namespace Nexus.Tests.Identity;

public sealed class PasswordsTests
{
    private const string Good = "correct horse battery staple";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_correct_password_is_accepted()
    {
        using var passwords = new PasswordService(iterations: 1000);
        var hash = await passwords.HashAsync(Good, Cancellation);
        (await passwords.VerifyAsync(hash, Good, Cancellation)).ShouldBe(PasswordCheckResult.Success);
        (await passwords.VerifyAsync(hash, Good + " ", Cancellation)).ShouldBe(PasswordCheckResult.Failed);
        (await passwords.VerifyAsync(hash, "", Cancellation)).ShouldBe(PasswordCheckResult.Failed);
        (await passwords.VerifyAsync(hash, new string('x', 5000), Cancellation)).ShouldBe(PasswordCheckResult.Failed);
        (await passwords.VerifyAsync(null, Good, Cancellation)).ShouldBe(PasswordCheckResult.Failed);
        (await passwords.VerifyAsync(null, "the password of nobody", Cancellation)).ShouldBe(PasswordCheckResult.Failed);
    }

    [Fact]
    public async Task Hash_with_fewer_iterations_is_reported_as_old()
    {
        using var weak = new PasswordService(iterations: 1000);
        using var strong = new PasswordService(iterations: 2000);
        var hash = await weak.HashAsync(Good, Cancellation);
        (await strong.VerifyAsync(hash, Good, Cancellation)).ShouldBe(PasswordCheckResult.SuccessRehashNeeded);
    }

    [Fact]
    public async Task Check_returns_busy_when_queue_is_full()
    {
        using var passwords = new PasswordService(iterations: 200_000, running: 1, waiting: 1);
        var checks = Enumerable.Range(0, 12)
            .Select(_ => Task.Run(async () => await passwords.VerifyAsync(null, Good, Cancellation)))
            .ToList();
        var answers = await Task.WhenAll(checks);
        answers.ShouldAllBe(a => a == PasswordCheckResult.Failed || a == PasswordCheckResult.Busy);
        answers.ShouldContain(PasswordCheckResult.Failed);
        (await passwords.VerifyAsync(null, Good, Cancellation)).ShouldBe(PasswordCheckResult.Failed, "whoever left made room");
    }

    [Fact]
    public async Task Check_and_hash_are_refused_without_capacity()
    {
        using var passwords = new PasswordService(iterations: 1000, running: 1, waiting: -1);
        (await passwords.VerifyAsync(null, Good, Cancellation)).ShouldBe(PasswordCheckResult.Busy);
        (await passwords.HashAsync(Good, Cancellation)).ShouldBeNull();
    }

    [Theory]
    [InlineData("elevenchars", false)]
    [InlineData("twelve chars", true)]
    [InlineData("with a \0 in it", false)]
    [InlineData("aaaaaaaaaaaaaaaa", false)]
    [InlineData("ünïcödé wörds", true)]
    public void Password_rules_are_enforced(string password, bool good) =>
        (PasswordService.Validate(password) is null).ShouldBe(good);

    [Fact]
    public void Password_is_limited_to_256_characters()
    {
        var longest = string.Concat(Enumerable.Repeat("abcdefgh", 32));
        PasswordService.Validate(longest).ShouldBeNull();
        PasswordService.Validate(longest + "i").ShouldNotBeNull();
    }

    [Fact]
    public void Sign_in_attempts_are_limited_per_account_and_address()
    {
        using var limits = new SignInRateLimiter(new SignInLimitOptions { PerAccount = 2, PerAddress = 5 });
        limits.CountAttempt("ada@example.com", IPAddress.Parse("192.0.2.1")).ShouldBeNull();
        limits.CountAttempt(" ADA@example.com", IPAddress.Parse("192.0.2.2")).ShouldBeNull();
        limits.CountAttempt("ada@example.com", IPAddress.Parse("192.0.2.3"))!.Value.ShouldBeInRange(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromMinutes(15));
        for (var i = 0; i < 4; i++)
        {
            limits.CountAttempt($"user{i}@example.com", IPAddress.Parse("::ffff:192.0.2.1")).ShouldBeNull();
        }

        limits.CountAttempt("eve@example.com", IPAddress.Parse("192.0.2.1")).ShouldNotBeNull();
        limits.CountAttempt("eve@example.com", IPAddress.Parse("192.0.2.9")).ShouldBeNull("being refused by address uses up no account");
    }

    [Fact]
    public void IPv6_network_counts_as_one_address()
    {
        using var limits = new SignInRateLimiter(new SignInLimitOptions { PerAddress = 1 });
        limits.CountAttempt("a@example.com", IPAddress.Parse("2001:db8::1")).ShouldBeNull();
        limits.CountAttempt("b@example.com", IPAddress.Parse("2001:db8::2:1")).ShouldNotBeNull();
        limits.CountAttempt("b@example.com", IPAddress.Parse("2001:db8:1::1")).ShouldBeNull();
    }
}
