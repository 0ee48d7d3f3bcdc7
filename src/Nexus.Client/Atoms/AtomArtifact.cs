using System.Text.Json;

namespace Nexus.Client;

/// <summary>Request body of <c>POST /nexus/atoms/create-from-raw</c>.</summary>
public sealed record AtomRequest
{
    /// <summary>Parameters of the operation. Absent ones have their defaults.</summary>
    public JsonElement? Params { get; init; }
}

/// <summary>
/// The result of an operation on a raw asset. It is determined by tenant, env, asset, operation, version and parameters, and its id is
/// derived from them: the same request returns the same atom.
/// </summary>
public sealed record AtomArtifact
{
    /// <summary><c>atm_</c> and the SHA-256 of the inputs that determine the atom.</summary>
    public required string AtomId { get; init; }

    /// <summary>The tenant that owns the atom.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>Id of the raw asset.</summary>
    public required string ParentAssetId { get; init; }

    /// <summary>Location of the raw asset's bytes.</summary>
    public required string Uri { get; init; }

    /// <summary>The text; null for <c>identity</c> and for an atom whose children contain it.</summary>
    public string? Content { get; init; }

    /// <summary>Name of the operation.</summary>
    public required string OpType { get; init; }

    /// <summary>Version of the operation.</summary>
    public required string OpVersion { get; init; }

    /// <summary>Start in a recording, in milliseconds; null for text.</summary>
    public long? SourceStartMs { get; init; }

    /// <summary>End in a recording, in milliseconds; null for text.</summary>
    public long? SourceEndMs { get; init; }

    /// <summary>
    /// A JSON object: <c>params</c>, <c>sha256</c> (of the content, or of the asset without content), <c>source_sha256</c> and
    /// <c>source_deleted</c>. With children also <c>child_count</c> and, except in lists, <c>child_atom_ids</c>. In a child also
    /// <c>parent_atom_id</c>, <c>part</c>, <c>start</c> and <c>end</c>. Operations can add more.
    /// </summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>When the atom was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The user or API key that first requested it.</summary>
    public required string CreatedBy { get; init; }
}
