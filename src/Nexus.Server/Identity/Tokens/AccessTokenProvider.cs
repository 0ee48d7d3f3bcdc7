using System.Security.Cryptography;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Creates <see cref="AccessTokenService"/> with the key that all nodes share. The key is derived from a secret in the database, so
/// no key pair is stored.
/// </summary>
internal sealed class AccessTokenProvider(SecretStore secrets, AuthOptions options, PublicUrl url, TimeProvider time) : IDisposable
{
    private const string Audience = "nexus";

    private readonly SemaphoreSlim _lock = new(1, 1);
    private AccessTokenService? _tokens;

    /// <summary>The service, created on first use.</summary>
    /// <exception cref="StoreUnavailableException">The secret cannot be read.</exception>
    public ValueTask<AccessTokenService> GetAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _tokens) is { } opened ? new(opened) : CreateAsync(cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    private async ValueTask<AccessTokenService> CreateAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            if (_tokens is null)
            {
                var secret = await secrets.GetOrCreateAsync("access-tokens", () => RandomNumberGenerator.GetBytes(48), cancellationToken);
                var issuer = url.Configured?.TrimEnd('/') ?? "nexus";
                var lifetime = TimeSpan.FromMinutes(options.AccessTokenMinutes);
                Volatile.Write(ref _tokens, new AccessTokenService([SigningKey.FromSecret(secret)], issuer, Audience, lifetime, time));
            }

            return _tokens;
        }
        finally
        {
            _lock.Release();
        }
    }
}
