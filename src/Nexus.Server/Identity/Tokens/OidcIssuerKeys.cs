using System.Collections.Frozen;
using System.Text.Json;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// The keys of one trusted issuer. They are fetched on first use and refreshed every hour. An unknown key id causes a fetch at
/// most every 30 seconds, so a flood of invented ids does not reach the issuer. If the issuer is unreachable, its keys stay valid
/// for one more hour; after that its tokens are refused.
/// </summary>
internal sealed class OidcIssuerKeys(IssuerOptions options, SsrfSafeHttpClient http, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan _freshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan _usableFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan _betweenFetches = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromSeconds(5);
    private const int MaxKeys = 100;

    private sealed record KeySet(FrozenDictionary<string, TokenValidator> Keys, DateTimeOffset FetchedAt);

    private sealed record Attempt(DateTimeOffset At, bool Succeeded);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile KeySet? _keys;
    private volatile Attempt? _lastAttempt;

    /// <summary>The issuer's settings.</summary>
    public IssuerOptions Options => options;

    /// <summary>A validator with the key of exactly this id, or why there is none.</summary>
    public async ValueTask<(TokenValidator? Validator, TokenError Fault)> GetValidatorAsync(string id, CancellationToken cancellationToken)
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
                // A caller who had to wait finds the keys that the previous one fetched.
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

    private TokenValidator? Find(string id) => _keys?.Keys.GetValueOrDefault(id);

    private TimeSpan GetKeysAge() => _keys is { } known ? clock.GetUtcNow() - known.FetchedAt : TimeSpan.MaxValue;

    private bool MayFetch() =>
        _lastAttempt is not { } last || clock.GetUtcNow() - last.At >= (last.Succeeded ? _betweenFetches : _afterFailure);

    /// <summary>
    /// Not cancelled when its caller hangs up, since others wait for the result; the HTTP client has a timeout of its own. A failure
    /// counts as an attempt too.
    /// </summary>
    private async Task FetchAsync()
    {
        FrozenDictionary<string, TokenValidator>? keys = null;
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

    // The document must name the issuer exactly. Otherwise one tenant of an identity service could act for another.
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

    private async Task<FrozenDictionary<string, TokenValidator>?> FetchKeysAsync(Uri url)
    {
        if (await http.GetAsync(url, CancellationToken.None) is not { } bytes
            || !TokenJson.TryReadObject(bytes, out var document)
            || !document.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > MaxKeys)
        {
            return null;
        }

        // Two keys with the same id are both ignored.
        return list.EnumerateArray()
            .Select(PublicKey.FromJwk)
            .OfType<PublicKey>()
            .GroupBy(k => k.Id, StringComparer.Ordinal)
            .Where(g => g.Count() == 1)
            .Select(g => (Key: g.Single(), Algorithms: g.Single().KeyAlgorithms.Where(options.AllowsAlgorithm).ToList()))
            .Where(usable => usable.Algorithms.Count > 0)
            .ToFrozenDictionary(
                usable => usable.Key.Id,
                usable => new TokenValidator(usable.Key.Key, usable.Algorithms, options.Issuer, options.Audience),
                StringComparer.Ordinal);
    }
}
