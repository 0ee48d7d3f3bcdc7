using System.Text.Json;

namespace Nexus.Client;

/// <summary>An op that makes atoms.</summary>
public sealed record AtomOp
{
    /// <summary>What <c>op_type</c> says.</summary>
    public required string Name { get; init; }

    /// <summary>Part of what its atoms are a function of.</summary>
    public required string Version { get; init; }

    /// <summary>One sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Content types it reads; <c>application/octet-stream</c> is tried too.</summary>
    public required IReadOnlyList<string> ContentTypes { get; init; }

    /// <summary>The largest asset it reads, in bytes; null for one that reads none.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>What can be set.</summary>
    public required IReadOnlyList<AtomOpParam> Params { get; init; }
}

/// <summary>A param of an op.</summary>
public sealed record AtomOpParam
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>integer</c>, <c>boolean</c> or <c>string</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its value where nobody says: an integer, a boolean or a string.</summary>
    public required JsonElement Default { get; init; }

    /// <summary>Least integer.</summary>
    public int? Minimum { get; init; }

    /// <summary>Most of an integer, or longest string.</summary>
    public int? Maximum { get; init; }

    /// <summary>What a string may be; empty: anything.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>One sentence.</summary>
    public required string Description { get; init; }
}
