namespace Nexus.Client;

/// <summary>Options of a <see cref="NexusClient"/>.</summary>
public sealed record NexusClientOptions
{
    /// <summary>URL of the server, including any path prefix. Default: the base address of the <see cref="HttpClient"/>.</summary>
    public Uri? Server { get; init; }

    /// <summary>Sent as <c>X-Tenant-Id</c>. Null selects the token's default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Sent as <c>X-Env</c>: <c>dev</c>, <c>staging</c> or <c>prod</c>. Required by all routes of a tenant.</summary>
    public string? Env { get; init; }

    /// <summary>
    /// Returns the access token or API key. Called before each request that needs one, so that it can refresh the token. No
    /// credential is sent if this is null or returns null.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? Credential { get; init; }

    /// <summary>A credential that never changes.</summary>
    public static Func<CancellationToken, ValueTask<string?>> StaticCredential(string tokenOrApiKey)
        => _ => ValueTask.FromResult<string?>(tokenOrApiKey);
}
