using System.Text.Json.Serialization;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary>Who is signed in where, as kept between runs.</summary>
internal sealed record StoredSession
{
    /// <summary>Address of the service the tokens are for; they are never sent to another.</summary>
    public required string Server { get; init; }

    /// <summary>Who signed in, for people to read.</summary>
    public required string Email { get; init; }

    /// <summary>The tenant that verbs work in; null leaves it to the token.</summary>
    public string? Tenant { get; init; }

    /// <summary>The env that verbs work in.</summary>
    public required string Env { get; init; }

    /// <summary>The current access token.</summary>
    public required string AccessToken { get; init; }

    /// <summary>When it stops working, by this machine's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Good for one refresh.</summary>
    public required string RefreshToken { get; init; }

    /// <summary>This session with the tokens of a new answer.</summary>
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
