using System.Collections.Frozen;
using System.Text.Json;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// The keys of one trusted issuer. They are fetched at first need and again every hour; an unknown key id has them
/// fetched at most every 30 seconds, so a flood of invented ids costs the issuer nothing. If it cannot be reached, keys
/// serve for one more hour, then nothing of it is believed.
/// </summary>
internal sealed class OidcIssuerKeys(IssuerOptions options, SsrfSafeHttpClient http, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan _freshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan _usableFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan _betweenFetches = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);
    private const int MaxKeys = 100;

    private sealed record KeySet(FrozenDictionary<string, PublicKey> Keys, DateTimeOffset FetchedAt);

    private sealed record Attempt(DateTimeOffset At, bool Succeeded);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile KeySet? _keys;
    private volatile Attempt? _lastAttempt;

    /// <summary>What is trusted, and for what.</summary>
    public IssuerOptions Options => options;

    /// <summary>The key of this id and no other; a fault where there is none or the issuer is unreachable.</summary>
    public async ValueTask<(PublicKey? Key, TokenError Fault)> GetKeyAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is { } ready && GetKeysAge() < _freshFor)
        {
            return (ready, TokenError.None);
        }

        if (MayFetch())
        {
            await _fetching.WaitAsync(cancellationToken);
            try
            {
                // Whoever waited here finds what the one before them fetched.
                if (MayFetch() && !(Find(id) is not null && GetKeysAge() < _freshFor))
                {
                    await FetchAsync();
                }
            }
            finally
            {
                _fetching.Release();
            }
        }

        if (GetKeysAge() >= _usableFor)
        {
            return (null, TokenError.IssuerUnreachable);
        }

        return Find(id) is { } key ? (key, TokenError.None)
            : (null, _lastAttempt is { Succeeded: false } ? TokenError.IssuerUnreachable : TokenError.UnknownKey);
    }

    /// <inheritdoc />
    public void Dispose() => _fetching.Dispose();

    private PublicKey? Find(string id) => _keys?.Keys.GetValueOrDefault(id);

    private TimeSpan GetKeysAge() => _keys is { } known ? clock.GetUtcNow() - known.FetchedAt : TimeSpan.MaxValue;

    private bool MayFetch() =>
        _lastAttempt is not { } last || clock.GetUtcNow() - last.At >= (last.Succeeded ? _betweenFetches : _afterFailure);

    /// <summary>
    /// Fetches for everybody who waits, so the caller who happened to begin does not end it by hanging up; the client has a
    /// time limit of its own. However it ends, it was an attempt.
    /// </summary>
    private async Task FetchAsync()
    {
        FrozenDictionary<string, PublicKey>? keys = null;
        try
        {
            keys = await DiscoverJwksUriAsync() is { } url ? await FetchKeysAsync(url) : null;
        }
        finally
        {
            var now = clock.GetUtcNow();
            if (keys is not null)
            {
                _keys = new KeySet(keys, now);
            }

            _lastAttempt = new Attempt(now, keys is not null);
        }
    }

    // The document must name the issuer exactly: otherwise one tenant of an identity service could speak for another.
    private async Task<Uri?> DiscoverJwksUriAsync()
    {
        var url = new Uri(options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        return await http.GetAsync(url, CancellationToken.None) is { } bytes
            && TokenJson.TryReadObject(bytes, out var document)
            && document.TryGetString("issuer", out var issuer) && issuer == options.Issuer
            && document.TryGetString("jwks_uri", out var keys)
            && Uri.TryCreate(keys, UriKind.Absolute, out var found) && http.IsAllowed(found)
            ? found
            : null;
    }

    private async Task<FrozenDictionary<string, PublicKey>?> FetchKeysAsync(Uri url)
    {
        if (await http.GetAsync(url, CancellationToken.None) is not { } bytes
            || !TokenJson.TryReadObject(bytes, out var document)
            || !document.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > MaxKeys)
        {
            return null;
        }

        // An id that two keys share names neither.
        return list.EnumerateArray()
            .Select(PublicKey.FromJwk)
            .OfType<PublicKey>()
            .GroupBy(k => k.Id, StringComparer.Ordinal)
            .Where(g => g.Count() == 1)
            .ToFrozenDictionary(g => g.Key, g => g.Single(), StringComparer.Ordinal);
    }
}
