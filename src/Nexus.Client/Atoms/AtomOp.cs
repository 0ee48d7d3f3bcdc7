using System.Text.Json;

namespace Nexus.Client;

/// <summary>An operation that creates atoms.</summary>
public sealed record AtomOp
{
    /// <summary>The value of <c>op_type</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version, which is part of the atom ids.</summary>
    public required string Version { get; init; }

    /// <summary>A description for people.</summary>
    public required string Description { get; init; }

    /// <summary>Accepted content types. <c>application/octet-stream</c> is accepted too.</summary>
    public required IReadOnlyList<string> ContentTypes { get; init; }

    /// <summary>Maximum asset size in bytes; null if the operation does not read the asset.</summary>
    public int? MaxBytes { get; init; }

    /// <summary>The parameters.</summary>
    public required IReadOnlyList<AtomOpParam> Params { get; init; }
}

/// <summary>A parameter of an operation.</summary>
public sealed record AtomOpParam
{
    /// <summary>The parameter's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>integer</c>, <c>boolean</c> or <c>string</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The default value: an integer, a boolean or a string.</summary>
    public required JsonElement Default { get; init; }

    /// <summary>Minimum of an integer.</summary>
    public int? Minimum { get; init; }

    /// <summary>Maximum of an integer, or maximum length of a string.</summary>
    public int? Maximum { get; init; }

    /// <summary>Allowed strings; empty allows any.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>A description for people.</summary>
    public required string Description { get; init; }
}
