namespace Nexus.Client;

/// <summary>What every request of a <see cref="NexusClient"/> carries.</summary>
public sealed record NexusClientOptions
{
    /// <summary>Where the service is, a path prefix included; the <see cref="HttpClient"/>'s base address where null.</summary>
    public Uri? Server { get; init; }

    /// <summary><c>X-Tenant-Id</c>; null leaves it to the token's default tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary><c>X-Env</c>: <c>dev</c>, <c>staging</c> or <c>prod</c>. Routes with a tenant refuse requests without one.</summary>
    public string? Env { get; init; }

    /// <summary>
    /// The access token or API key, asked for before each request that needs one, so that it may be refreshed in time;
    /// null or a null answer sends none.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? Credential { get; init; }

    /// <summary>A credential that never changes.</summary>
    public static Func<CancellationToken, ValueTask<string?>> StaticCredential(string tokenOrApiKey)
        => _ => ValueTask.FromResult<string?>(tokenOrApiKey);
}
