using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Nexus.Server.Identity.Accounts;

internal enum PasswordCheckResult
{
    /// <summary>The password is wrong, or there is no such account.</summary>
    Failed,

    /// <summary>The password is right.</summary>
    Success,

    /// <summary>The password is right, but it was hashed with weaker settings. Store a new hash.</summary>
    SuccessRehashNeeded,

    /// <summary>Too many checks are queued. Respond with 503.</summary>
    Busy,
}

/// <summary>
/// Hashes and verifies passwords with ASP.NET Core's hasher at 210,000 iterations. A check takes about a sixth of a second of CPU
/// time, so only two run concurrently and sixteen wait. An attack can slow down sign-in but not the rest of the service. An
/// unknown account takes as long as a wrong password.
/// </summary>
internal sealed class PasswordService : IDisposable
{
    /// <summary>The minimum length of a password.</summary>
    public const int MinCharacters = 12;

    /// <summary>The maximum length of a password.</summary>
    public const int MaxCharacters = 256;

    private readonly PasswordHasher<PasswordService> _hasher;
    private readonly SemaphoreSlim _running;
    private readonly Lazy<string> _dummyHash;
    private readonly int _maxWaiting;
    private int _waiting;

    /// <summary>Creates the service. Only tests pass other limits.</summary>
    public PasswordService(int iterations = 210_000, int running = 2, int waiting = 16)
    {
        _hasher = new PasswordHasher<PasswordService>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _running = new SemaphoreSlim(running, running);
        _maxWaiting = running + waiting;
        _dummyHash = new Lazy<string>(() => _hasher.HashPassword(this, "the password of nobody"));
    }

    /// <summary>Returns the rule that a new password violates, as a sentence for users; null if it is valid.</summary>
    public static string? Validate(string password) => password switch
    {
        { Length: < MinCharacters } => "A password has at least 12 characters.",
        { Length: > MaxCharacters } => "A password has at most 256 characters.",
        _ when password.Contains('\0', StringComparison.Ordinal) => "A password has no NUL character.",
        _ when password.Distinct().Count() < 4 => "A password has at least 4 different characters.",
        _ => null,
    };

    /// <summary>Returns the hash to store, or null if too many operations are queued (503).</summary>
    public async ValueTask<string?> HashAsync(string password, CancellationToken cancellationToken)
    {
        if (!await TryEnterAsync(cancellationToken))
        {
            return null;
        }

        try
        {
            return _hasher.HashPassword(this, password);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Verifies a password against a stored hash; null for an account that does not exist or has no password.</summary>
    public async ValueTask<PasswordCheckResult> VerifyAsync(string? stored, string password, CancellationToken cancellationToken)
    {
        if (password.Length > MaxCharacters)
        {
            return PasswordCheckResult.Failed;
        }

        if (!await TryEnterAsync(cancellationToken))
        {
            return PasswordCheckResult.Busy;
        }

        try
        {
            var result = _hasher.VerifyHashedPassword(this, stored ?? _dummyHash.Value, password);
            return (stored is null, result) switch
            {
                (true, _) or (_, PasswordVerificationResult.Failed) => PasswordCheckResult.Failed,
                (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordCheckResult.SuccessRehashNeeded,
                _ => PasswordCheckResult.Success,
            };
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _running.Dispose();

    private async ValueTask<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _maxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _running.WaitAsync(cancellationToken);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _waiting);
            throw;
        }
    }

    private void Leave()
    {
        _running.Release();
        Interlocked.Decrement(ref _waiting);
    }
}
