using System.Collections.Frozen;
using System.Text.Json;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// The keys of one trusted issuer. They are fetched at first need and again every hour; an unknown key id has them
/// fetched at most every 30 seconds, so a flood of invented ids costs the issuer nothing. If it cannot be reached, keys
/// serve for one more hour, then nothing of it is believed.
/// </summary>
internal sealed class OidcIssuer(IssuerOptions options, GuardedHttp http, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsableFor = TimeSpan.FromHours(2);
    private static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private const int MostKeys = 100;

    private sealed record KeySet(FrozenDictionary<string, PublicKey> Keys, DateTimeOffset FetchedAt);

    private sealed record Attempt(DateTimeOffset At, bool Worked);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile KeySet? _known;
    private volatile Attempt? _last;

    /// <summary>What is trusted, and for what.</summary>
    public IssuerOptions Options => options;

    /// <summary>The key of this id and no other; a fault where there is none or the issuer is unreachable.</summary>
    public async ValueTask<(PublicKey? Key, TokenFault Fault)> KeyAsync(string id, CancellationToken cancellation)
    {
        if (Find(id) is { } ready && Age() < FreshFor)
        {
            return (ready, TokenFault.None);
        }

        if (MayFetch())
        {
            await _fetching.WaitAsync(cancellation);
            try
            {
                // Whoever waited here finds what the one before them fetched.
                if (MayFetch() && !(Find(id) is not null && Age() < FreshFor))
                {
                    await FetchAsync();
                }
            }
            finally
            {
                _fetching.Release();
            }
        }

        if (Age() >= UsableFor)
        {
            return (null, TokenFault.IssuerUnreachable);
        }

        return Find(id) is { } key ? (key, TokenFault.None)
            : (null, _last is { Worked: false } ? TokenFault.IssuerUnreachable : TokenFault.UnknownKey);
    }

    /// <inheritdoc />
    public void Dispose() => _fetching.Dispose();

    private PublicKey? Find(string id) => _known?.Keys.GetValueOrDefault(id);

    private TimeSpan Age() => _known is { } known ? clock.GetUtcNow() - known.FetchedAt : TimeSpan.MaxValue;

    private bool MayFetch() =>
        _last is not { } last || clock.GetUtcNow() - last.At >= (last.Worked ? BetweenFetches : AfterFailure);

    /// <summary>
    /// Fetches for everybody who waits, so the caller who happened to begin does not end it by hanging up; the client has a
    /// time limit of its own. However it ends, it was an attempt.
    /// </summary>
    private async Task FetchAsync()
    {
        FrozenDictionary<string, PublicKey>? keys = null;
        try
        {
            keys = await DiscoverAsync() is { } url ? await ReadKeysAsync(url) : null;
        }
        finally
        {
            var now = clock.GetUtcNow();
            if (keys is not null)
            {
                _known = new KeySet(keys, now);
            }

            _last = new Attempt(now, keys is not null);
        }
    }

    // The document must name the issuer exactly: otherwise one tenant of an identity service could speak for another.
    private async Task<Uri?> DiscoverAsync()
    {
        var url = new Uri(options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration");
        return await http.GetAsync(url, CancellationToken.None) is { } bytes
            && TokenJson.TryReadObject(bytes, out var document)
            && document.TryString("issuer", out var issuer) && issuer == options.Issuer
            && document.TryString("jwks_uri", out var keys)
            && Uri.TryCreate(keys, UriKind.Absolute, out var found) && http.Allows(found)
            ? found
            : null;
    }

    private async Task<FrozenDictionary<string, PublicKey>?> ReadKeysAsync(Uri url)
    {
        if (await http.GetAsync(url, CancellationToken.None) is not { } bytes
            || !TokenJson.TryReadObject(bytes, out var document)
            || !document.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() > MostKeys)
        {
            return null;
        }

        // An id that two keys share names neither.
        return list.EnumerateArray()
            .Select(PublicKey.Read)
            .OfType<PublicKey>()
            .GroupBy(k => k.Id, StringComparer.Ordinal)
            .Where(g => g.Count() == 1)
            .ToFrozenDictionary(g => g.Key, g => g.Single(), StringComparer.Ordinal);
    }
}
