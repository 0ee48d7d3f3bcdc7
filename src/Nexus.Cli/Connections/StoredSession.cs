using System.Text.Json.Serialization;
using Nexus.Client;

namespace Nexus.Cli.Connections;

/// <summary>The signed-in user and server, stored between commands.</summary>
internal sealed record StoredSession
{
    /// <summary>URL of the server that issued the tokens. They are never sent to another server.</summary>
    public required string Server { get; init; }

    /// <summary>The signed-in user, for display.</summary>
    public required string Email { get; init; }

    /// <summary>The tenant that commands use; null for the token's default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The env that commands use.</summary>
    public required string Env { get; init; }

    public required string AccessToken { get; init; }

    /// <summary>When the access token expires, by this machine's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Can be used once.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>This session with new tokens.</summary>
    public StoredSession With(AuthSession answer, TimeProvider time) => this with
    {
        AccessToken = answer.AccessToken,
        ExpiresAt = time.GetUtcNow().AddSeconds(answer.ExpiresIn),
        RefreshToken = answer.RefreshToken,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(StoredSession))]
internal sealed partial class StoredSessionJson : JsonSerializerContext;
