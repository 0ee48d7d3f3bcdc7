using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Nexus.Server.Identity.Accounts;

/// <summary>What came of checking a password.</summary>
internal enum PasswordCheck
{
    /// <summary>Not this account's password, or no such account.</summary>
    Wrong,

    /// <summary>The password is right.</summary>
    Right,

    /// <summary>The password is right, but its hash was made with weaker settings: store a new one.</summary>
    RightButOld,

    /// <summary>Too many wait already: 503, come back.</summary>
    Busy,
}

/// <summary>
/// Hashes and checks passwords with ASP.NET Core's hasher at 210,000 iterations. One check takes a sixth of a second of
/// a core, so only two run at once and sixteen wait: signing in can be made slow from outside, the rest of the service
/// cannot. An unknown account costs the same as a wrong password.
/// </summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>The fewest characters of a password.</summary>
    public const int FewestCharacters = 12;

    /// <summary>The most characters of a password.</summary>
    public const int MostCharacters = 256;

    private readonly PasswordHasher<Passwords> _hasher;
    private readonly SemaphoreSlim _running;
    private readonly Lazy<string> _nobodys;
    private readonly int _mostWaiting;
    private int _waiting;

    /// <summary>Takes other bounds than the usual ones for tests only.</summary>
    public Passwords(int iterations = 210_000, int running = 2, int waiting = 16)
    {
        _hasher = new PasswordHasher<Passwords>(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        _running = new SemaphoreSlim(running, running);
        _mostWaiting = running + waiting;
        _nobodys = new Lazy<string>(() => _hasher.HashPassword(this, "the password of nobody"));
    }

    /// <summary>The rule a new password breaks, as a sentence for people; null if it breaks none.</summary>
    public static string? Mistake(string password) => password switch
    {
        { Length: < FewestCharacters } => "A password has at least 12 characters.",
        { Length: > MostCharacters } => "A password has at most 256 characters.",
        _ when password.Contains('\0', StringComparison.Ordinal) => "A password has no NUL character.",
        _ when password.Distinct().Count() < 4 => "A password has at least 4 different characters.",
        _ => null,
    };

    /// <summary>The hash to store, or null when too many wait already (503).</summary>
    public async ValueTask<string?> HashAsync(string password, CancellationToken cancellation)
    {
        if (!await EnterAsync(cancellation))
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
    public async ValueTask<PasswordCheck> CheckAsync(string? stored, string password, CancellationToken cancellation)
    {
        if (password.Length > MostCharacters)
        {
            return PasswordCheck.Wrong;
        }

        if (!await EnterAsync(cancellation))
        {
            return PasswordCheck.Busy;
        }

        try
        {
            var result = _hasher.VerifyHashedPassword(this, stored ?? _nobodys.Value, password);
            return (stored is null, result) switch
            {
                (true, _) or (_, PasswordVerificationResult.Failed) => PasswordCheck.Wrong,
                (_, PasswordVerificationResult.SuccessRehashNeeded) => PasswordCheck.RightButOld,
                _ => PasswordCheck.Right,
            };
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _running.Dispose();

    private async ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > _mostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _running.WaitAsync(cancellation);
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
