using System.Text.Json;

namespace Nexus.Client;

/// <summary>What <c>POST /nexus/atoms/create-from-raw</c> may be told besides asset and op.</summary>
public sealed record AtomRequest
{
    /// <summary>Params of the op; absent ones have their defaults.</summary>
    public JsonElement? Params { get; init; }
}

/// <summary>
/// What an op made of a raw asset: a function of tenant, env, asset, op, version and params, and named after them. The same request
/// gives the same atom.
/// </summary>
public sealed record AtomArtifact
{
    /// <summary><c>atm_</c> and the SHA-256 of what the atom is a function of.</summary>
    public required string AtomId { get; init; }

    /// <summary>The tenant that owns the atom.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The raw asset it was made of.</summary>
    public required string ParentAssetId { get; init; }

    /// <summary>Where that asset's bytes are.</summary>
    public required string Uri { get; init; }

    /// <summary>The text; null for <c>identity</c> and for an atom whose children hold it.</summary>
    public string? Content { get; init; }

    /// <summary>The op's name.</summary>
    public required string OpType { get; init; }

    /// <summary>The op's version.</summary>
    public required string OpVersion { get; init; }

    /// <summary>Begin in a recording, milliseconds; null for text.</summary>
    public long? SourceStartMs { get; init; }

    /// <summary>End in a recording, milliseconds; null for text.</summary>
    public long? SourceEndMs { get; init; }

    /// <summary>
    /// <c>params</c>, <c>sha256</c> (of the content, or of the asset where there is none), <c>source_sha256</c>, <c>source_deleted</c>; of an atom with children
    /// <c>child_count</c> and, unless listed, <c>child_atom_ids</c>; of a child <c>parent_atom_id</c>, <c>part</c>, <c>start</c> and <c>end</c>; and what the op says.
    /// </summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it first.</summary>
    public required string CreatedBy { get; init; }
}
