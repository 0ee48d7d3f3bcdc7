namespace Nexus.Client;

/// <summary>What a person or a tenant said about training on content.</summary>
public sealed record TrainingPreference
{
    /// <summary>The tenant; <c>t_system</c> for the default of all tenants.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The person; null for the tenant's own.</summary>
    public string? UserId { get; init; }

    /// <summary>Whether content may not be trained on.</summary>
    public required bool OptOut { get; init; }

    /// <summary>1, 2, 3 … with each change; the <c>ETag</c>, and the number in an event's <c>train_basis</c>.</summary>
    public required long Version { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who said it; null for the default of all tenants.</summary>
    public string? UpdatedBy { get; init; }
}

/// <summary>What counts for a person now, and why.</summary>
public sealed record TrainingPreferences
{
    /// <summary>The tenant.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Whether an event of the person's would be allowed now, if no personal data is found in it.</summary>
    public required bool TrainOk { get; init; }

    /// <summary>What was said, the strongest first: by the person, the tenant, tenant-0.</summary>
    public required IReadOnlyList<TrainingPreference> Preferences { get; init; }
}

/// <summary><c>POST /privacy/train-prefs/tenant</c>, owner or admin.</summary>
public sealed record TenantPreferenceRequest
{
    /// <summary>Whether content of the tenant may not be trained on, but for people who said otherwise themselves.</summary>
    public required bool OptOut { get; init; }
}

/// <summary><c>POST /privacy/train-prefs/user</c>, member or stronger.</summary>
public sealed record UserPreferenceRequest
{
    /// <summary>The caller's own id; another's is 403.</summary>
    public required string UserId { get; init; }

    /// <summary>Whether content by or about the person may not be trained on.</summary>
    public required bool OptOut { get; init; }
}
