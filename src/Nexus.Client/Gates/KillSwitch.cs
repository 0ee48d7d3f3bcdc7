namespace Nexus.Client;

/// <summary>What is switched off for a tenant and env. <c>GET /kill-switches</c> answers null where none was set.</summary>
public sealed record KillSwitch
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant; <c>t_system</c>'s switch counts for every tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Names of providers that may not be used.</summary>
    public required IReadOnlyList<string> DisableProviders { get; init; }

    /// <summary>Whether every mutation of an <c>agent</c> actor is refused.</summary>
    public required bool DisableAutonomy { get; init; }

    /// <summary>Actions that are refused, such as <c>card_create</c>.</summary>
    public required IReadOnlyList<string> DisabledActions { get; init; }

    /// <summary>When it was first set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary><c>PUT /kill-switches</c>, owner or admin; what is absent or null stays as it is.</summary>
public sealed record KillSwitchUpdate
{
    /// <summary>The whole new list of providers.</summary>
    public IReadOnlyList<string>? DisableProviders { get; init; }

    /// <summary>Whether agents may change anything.</summary>
    public bool? DisableAutonomy { get; init; }

    /// <summary>The whole new list of actions; <c>kill_switch_write</c> is refused with 422.</summary>
    public IReadOnlyList<string>? DisabledActions { get; init; }
}
