namespace Nexus.Client;

/// <summary>What is on for a tenant and env: each field from the tenant's own entry, else tenant-0's, else the default.</summary>
public sealed record FeatureFlags
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Whether callers may open web sockets. Default false.</summary>
    public required bool WsEnabled { get; init; }

    /// <summary>Whether callers may open the OFREP event stream. Default false.</summary>
    public required bool SseEnabled { get; init; }

    /// <summary>Whether clients may log gestures. Default false.</summary>
    public required bool GestureLogging { get; init; }

    /// <summary><c>off</c>, <c>keyframe</c> or <c>stream</c>. Default <c>off</c>.</summary>
    public required string ReplayMode { get; init; }

    /// <summary><c>private</c>, <c>team</c> or <c>public</c>. Default <c>private</c>.</summary>
    public required string VisibilityMode { get; init; }
}

/// <summary><c>PUT /feature-flags</c>, owner or admin; what is absent or null stays as it is.</summary>
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
