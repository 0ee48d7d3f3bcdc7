namespace Nexus.Client;

/// <summary>The kill switches of a tenant and env. <c>GET /kill-switches</c> returns null if none was ever set.</summary>
public sealed record KillSwitch
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant. The switches of <c>t_system</c> apply to every tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Names of disabled providers.</summary>
    public required IReadOnlyList<string> DisableProviders { get; init; }

    /// <summary>Whether all mutations by <c>agent</c> actors are refused.</summary>
    public required bool DisableAutonomy { get; init; }

    /// <summary>Refused actions, such as <c>card_create</c>.</summary>
    public required IReadOnlyList<string> DisabledActions { get; init; }

    /// <summary>When it was first set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Request of <c>PUT /kill-switches</c>. Absent or null properties are unchanged.</summary>
public sealed record KillSwitchUpdate
{
    /// <summary>The new list of disabled providers.</summary>
    public IReadOnlyList<string>? DisableProviders { get; init; }

    /// <summary>Whether to refuse all mutations by agents.</summary>
    public bool? DisableAutonomy { get; init; }

    /// <summary>The new list of refused actions. <c>kill_switch_write</c> is not allowed (422).</summary>
    public IReadOnlyList<string>? DisabledActions { get; init; }
}
