using System.Net;
using Nexus.Server.Identity.Accounts;

namespace Nexus.Tests.Identity;

public sealed class PasswordsTests
{
    private const string Good = "correct horse battery staple";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_is_told_from_wrong_ones()
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
    public async Task A_hash_of_weaker_settings_is_told_to_be_old()
    {
        using var weak = new PasswordService(iterations: 1000);
        using var strong = new PasswordService(iterations: 2000);
        var hash = await weak.HashAsync(Good, Cancellation);
        (await strong.VerifyAsync(hash, Good, Cancellation)).ShouldBe(PasswordCheckResult.SuccessRehashNeeded);
    }

    [Fact]
    public async Task Those_who_would_wait_too_long_are_told_so_at_once()
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
    public async Task With_no_room_at_all_everyone_is_busy()
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
    public void New_passwords_keep_the_rules(string password, bool good) =>
        (PasswordService.Validate(password) is null).ShouldBe(good);

    [Fact]
    public void A_password_ends_at_256_characters()
    {
        var longest = string.Concat(Enumerable.Repeat("abcdefgh", 32));
        PasswordService.Validate(longest).ShouldBeNull();
        PasswordService.Validate(longest + "i").ShouldNotBeNull();
    }

    [Fact]
    public void Attempts_are_counted_per_account_in_any_case_and_per_address()
    {
        using var limits = new SignInRateLimiter(new SignInLimitOptions { PerAccount = 2, PerAddress = 5 });
        limits.CountAttempt("ada@example.com", IPAddress.Parse("192.0.2.1")).ShouldBeNull();
        limits.CountAttempt(" ADA@example.com", IPAddress.Parse("192.0.2.2")).ShouldBeNull();
        limits.CountAttempt("ada@example.com", IPAddress.Parse("192.0.2.3"))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15));
        for (var i = 0; i < 4; i++)
        {
            limits.CountAttempt($"user{i}@example.com", IPAddress.Parse("::ffff:192.0.2.1")).ShouldBeNull();
        }

        limits.CountAttempt("eve@example.com", IPAddress.Parse("192.0.2.1")).ShouldNotBeNull();
        limits.CountAttempt("eve@example.com", IPAddress.Parse("192.0.2.9")).ShouldBeNull("being refused by address uses up no account");
    }

    [Fact]
    public void An_ipv6_network_is_one_place()
    {
        using var limits = new SignInRateLimiter(new SignInLimitOptions { PerAddress = 1 });
        limits.CountAttempt("a@example.com", IPAddress.Parse("2001:db8::1")).ShouldBeNull();
        limits.CountAttempt("b@example.com", IPAddress.Parse("2001:db8::2:1")).ShouldNotBeNull();
        limits.CountAttempt("b@example.com", IPAddress.Parse("2001:db8:1::1")).ShouldBeNull();
    }
}
