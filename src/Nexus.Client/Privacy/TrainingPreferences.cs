namespace Nexus.Client;

/// <summary>The training preference of a person or a tenant.</summary>
public sealed record TrainingPreference
{
    /// <summary>The tenant; <c>t_system</c> for the default of all tenants.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The person; null for the tenant's preference.</summary>
    public string? UserId { get; init; }

    /// <summary>Whether training on the content is forbidden.</summary>
    public required bool OptOut { get; init; }

    /// <summary>Incremented by each change, from 1. Used as <c>ETag</c> and in an event's <c>train_basis</c>.</summary>
    public required long Version { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who set it; null for the default of all tenants.</summary>
    public string? UpdatedBy { get; init; }
}

/// <summary>The effective training preference of a person, and why it applies.</summary>
public sealed record TrainingPreferences
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Whether a new event of the person may be used for training, unless personal data is found in it.</summary>
    public required bool TrainOk { get; init; }

    /// <summary>The preferences, strongest first: of the person, the tenant, tenant-0.</summary>
    public required IReadOnlyList<TrainingPreference> Preferences { get; init; }
}

/// <summary>Request of <c>POST /privacy/train-prefs/tenant</c>.</summary>
public sealed record TenantPreferenceRequest
{
    /// <summary>Whether to forbid training on the tenant's content. The preferences of persons take precedence.</summary>
    public required bool OptOut { get; init; }
}

/// <summary>Request of <c>POST /privacy/train-prefs/user</c>.</summary>
public sealed record UserPreferenceRequest
{
    /// <summary>The caller's own id. Another id is refused with 403.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether to forbid training on content by or about the person.</summary>
    public required bool OptOut { get; init; }
}
