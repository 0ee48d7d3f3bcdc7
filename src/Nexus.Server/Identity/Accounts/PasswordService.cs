using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Nexus.Server.Identity.Accounts;

/// <summary>What came of checking a password.</summary>
internal enum PasswordCheckResult
{
    /// <summary>Not this account's password, or no such account.</summary>
    Failed,

    /// <summary>The password is right.</summary>
    Success,

    /// <summary>The password is right, but its hash was made with weaker settings: store a new one.</summary>
    SuccessRehashNeeded,

    /// <summary>Too many wait already: 503, come back.</summary>
    Busy,
}

/// <summary>
/// Hashes and checks passwords with ASP.NET Core's hasher at 210,000 iterations. One check takes a sixth of a second of
/// a core, so only two run at once and sixteen wait: signing in can be made slow from outside, the rest of the service
/// cannot. An unknown account costs the same as a wrong password.
/// </summary>
internal sealed class PasswordService : IDisposable
{
    /// <summary>The fewest characters of a password.</summary>
    public const int MinCharacters = 12;

    /// <summary>The most characters of a password.</summary>
    public const int MaxCharacters = 256;

    private readonly PasswordHasher<PasswordService> _hasher;
    private readonly SemaphoreSlim _running;
    private readonly Lazy<string> _dummyHash;
    private readonly int _maxWaiting;
    private int _waiting;

    /// <summary>Takes other bounds than the usual ones for tests only.</summary>
    public PasswordService(int iterations = 210_000, int running = 2, int waiting = 16)
    {
        _hasher = new PasswordHasher<PasswordService>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _running = new SemaphoreSlim(running, running);
        _maxWaiting = running + waiting;
        _dummyHash = new Lazy<string>(() => _hasher.HashPassword(this, "the password of nobody"));
    }

    /// <summary>The rule a new password breaks, as a sentence for people; null if it breaks none.</summary>
    public static string? Validate(string password) => password switch
    {
        { Length: < MinCharacters } => "A password has at least 12 characters.",
        { Length: > MaxCharacters } => "A password has at most 256 characters.",
        _ when password.Contains('\0', StringComparison.Ordinal) => "A password has no NUL character.",
        _ when password.Distinct().Count() < 4 => "A password has at least 4 different characters.",
        _ => null,
    };

    /// <summary>The hash to store, or null when too many wait already (503).</summary>
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

    /// <summary>Checks a password against a stored hash; null for an account that does not exist or has none.</summary>
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
