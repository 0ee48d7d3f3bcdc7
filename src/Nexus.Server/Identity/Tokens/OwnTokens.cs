using System.Security.Cryptography;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Our own tokens with the key that all nodes share: it follows from a secret in the database, so nodes and restarts
/// agree without storing a key pair.
/// </summary>
internal sealed class OwnTokens(Secrets secrets, AuthOptions options, PublicUrl url, TimeProvider time) : IDisposable
{
    private const string Audience = "nexus";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private AccessTokens? _opened;

    /// <summary>The tokens, their key opened at first need.</summary>
    /// <exception cref="StoreUnavailableException">The secret cannot be read.</exception>
    public ValueTask<AccessTokens> GetAsync(CancellationToken cancellation) =>
        Volatile.Read(ref _opened) is { } opened ? new(opened) : OpenAsync(cancellation);

    /// <inheritdoc />
    public void Dispose() => _opening.Dispose();

    private async ValueTask<AccessTokens> OpenAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_opened is null)
            {
                var secret = await secrets.GetAsync("access-tokens", () => RandomNumberGenerator.GetBytes(48), cancellation);
                var issuer = url.Configured?.TrimEnd('/') ?? "nexus";
                Volatile.Write(
                    ref _opened,
                    new AccessTokens([SigningKey.FromSecret(secret)], issuer, Audience, TimeSpan.FromMinutes(options.AccessTokenMinutes), time));
            }

            return _opened;
        }
        finally
        {
            _opening.Release();
        }
    }
}
