using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Nexus.Server.Identity.Accounts;

/// <summary>The section <c>Nexus:Auth:SignIn</c>.</summary>
internal sealed class SignInLimitOptions
{
    /// <summary>The maximum number of attempts per account and window.</summary>
    public int PerAccount { get; set; } = 10;

    /// <summary>The maximum number of attempts per IP address and window.</summary>
    public int PerAddress { get; set; } = 100;

    /// <summary>The window in minutes, 1 to 1,440.</summary>
    public int WindowMinutes { get; set; } = 15;
}

/// <summary>Validates <see cref="SignInLimitOptions"/>.</summary>
internal sealed class SignInLimitOptionsValidator : IValidateOptions<SignInLimitOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, SignInLimitOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.PerAccount < 1)
        {
            errors.AddError($"Nexus:Auth:SignIn:PerAccount must be 1 or more, not {options.PerAccount}.");
        }

        if (options.PerAddress < 1)
        {
            errors.AddError($"Nexus:Auth:SignIn:PerAddress must be 1 or more, not {options.PerAddress}.");
        }

        if (options.WindowMinutes is < 1 or > 1440)
        {
            errors.AddError($"Nexus:Auth:SignIn:WindowMinutes must be 1 to 1440, not {options.WindowMinutes}.");
        }

        return errors.Build();
    }
}

/// <summary>
/// Limits sign-in attempts, successful or not: per IP address, so that one machine cannot try many accounts, and per account, so
/// that many machines cannot try one. Each node counts separately. Attempts for accounts that do not exist are counted as well,
/// so being limited reveals nothing.
/// </summary>
internal sealed class SignInRateLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<string> _accounts;
    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly TimeSpan _window;

    public SignInRateLimiter(SignInLimitOptions options)
    {
        _window = TimeSpan.FromMinutes(options.WindowMinutes);
        _accounts = CreateLimiter(options.PerAccount, _window);
        _addresses = CreateLimiter(options.PerAddress, _window);
    }

    /// <summary>
    /// Counts an attempt. The IP address is checked first, so that attempts it rejects do not use up the account's limit.
    /// </summary>
    /// <param name="email">The e-mail address as entered.</param>
    /// <param name="address">The client's IP address. All attempts without one share a limit.</param>
    /// <returns>Null if the attempt is allowed; otherwise the time to wait.</returns>
    public TimeSpan? CountAttempt(string email, IPAddress? address) =>
        Acquire(_addresses, GetPartitionKey(address)) ?? Acquire(_accounts, Emails.Normalize(email));

    /// <summary>Counts an attempt that names no account.</summary>
    /// <param name="address">The client's IP address. All attempts without one share a limit.</param>
    /// <returns>Null if the attempt is allowed; otherwise the time to wait.</returns>
    public TimeSpan? CountAttempt(IPAddress? address) => Acquire(_addresses, GetPartitionKey(address));

    /// <inheritdoc />
    public void Dispose()
    {
        _accounts.Dispose();
        _addresses.Dispose();
    }

    private TimeSpan? Acquire(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > TimeSpan.Zero ? wait : _window;
    }

    // IPv6 addresses are limited per /64, because that is what one client controls.
    private static string GetPartitionKey(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
    }

    private static PartitionedRateLimiter<string> CreateLimiter(int permits, TimeSpan window) =>
        PartitionedRateLimiter.Create<string, string>(
            key => RateLimitPartition.GetFixedWindowLimiter(
                key,
                _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = window, QueueLimit = 0 }),
            StringComparer.Ordinal);
}
