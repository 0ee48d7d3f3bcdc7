namespace Nexus.Client;

/// <summary>
/// The effective built-in flags of a tenant and env. Each comes from the tenant, else from tenant-0, else from the defaults.
/// </summary>
public sealed record FeatureFlags
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Whether callers may open web sockets. Default: false.</summary>
    public required bool WsEnabled { get; init; }

    /// <summary>Whether callers may open the OFREP event stream. Default: false.</summary>
    public required bool SseEnabled { get; init; }

    /// <summary>Whether clients may log gestures. Default: false.</summary>
    public required bool GestureLogging { get; init; }

    /// <summary><c>off</c>, <c>keyframe</c> or <c>stream</c>. Default <c>off</c>.</summary>
    public required string ReplayMode { get; init; }

    /// <summary><c>private</c>, <c>team</c> or <c>public</c>. Default <c>private</c>.</summary>
    public required string VisibilityMode { get; init; }
}

/// <summary>Request of <c>PUT /feature-flags</c>. Absent or null properties are unchanged.</summary>
public sealed record FeatureFlagsUpdate
{
    /// <summary>See <see cref="FeatureFlags.WsEnabled"/>.</summary>
    public bool? WsEnabled { get; init; }

    /// <summary>See <see cref="FeatureFlags.SseEnabled"/>.</summary>
    public bool? SseEnabled { get; init; }

    /// <summary>See <see cref="FeatureFlags.GestureLogging"/>.</summary>
    public bool? GestureLogging { get; init; }

    /// <summary>See <see cref="FeatureFlags.ReplayMode"/>.</summary>
    public string? ReplayMode { get; init; }

    /// <summary>See <see cref="FeatureFlags.VisibilityMode"/>.</summary>
    public string? VisibilityMode { get; init; }
}
