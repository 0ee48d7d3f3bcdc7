using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>An atom as it is stored.</summary>
internal sealed class AtomRow
{
    /// <summary>See <see cref="AtomIds"/>.</summary>
    public string AtomId { get; init; } = "";

    /// <summary>The asset.</summary>
    public string ParentAssetId { get; init; } = "";

    /// <summary>The atom it is a part of.</summary>
    public string? ParentAtomId { get; init; }

    /// <summary>1, 2, 3 … of a part; 0 for an atom that is none.</summary>
    public int Part { get; init; }

    /// <summary>Of the asset's bytes.</summary>
    public string Uri { get; init; } = "";

    /// <summary>The op.</summary>
    public string OpType { get; init; } = "";

    /// <summary>Its version.</summary>
    public string OpVersion { get; init; } = "";

    /// <summary>Canonical JSON.</summary>
    public string Params { get; init; } = "{}";

    /// <summary>The text.</summary>
    public string? Content { get; init; }

    /// <summary>Of a part: where it begins in the decoded text, in UTF-16 units.</summary>
    public int? StartChar { get; init; }

    /// <summary>Where it ends, exclusive.</summary>
    public int? EndChar { get; init; }

    /// <summary>How many parts it has.</summary>
    public int Children { get; init; }

    /// <summary>What the op says, canonical JSON.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>Of the content, or of the asset where there is none.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Of the asset.</summary>
    public string SourceSha256 { get; init; } = "";

    /// <summary>The person the asset is about.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When it was made, microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Of its event; parts have their atom's.</summary>
    public long Seq { get; init; }

    /// <summary>Whether the asset is gone.</summary>
    public bool SourceDeleted { get; init; }

    /// <summary>The atom as callers see it.</summary>
    /// <param name="scope">Whose it is.</param>
    /// <param name="isListed">In a list the ids of children are left out: a page would be megabytes of them.</param>
    public AtomArtifact ToWire(Scope scope, bool isListed = false)
    {
        var metadata = JsonNode.Parse(Metadata)!.AsObject();
        metadata["params"] = JsonNode.Parse(Params);
        metadata["sha256"] = Sha256;
        metadata["source_sha256"] = SourceSha256;
        metadata["source_deleted"] = SourceDeleted;
        if (ParentAtomId is null)
        {
            metadata["child_count"] = Children;
            if (!isListed && Children > 0)
            {
                metadata["child_atom_ids"] = new JsonArray([.. Enumerable.Range(1, Children).Select(part => (JsonNode)AtomIds.CreatePart(AtomId, part))]);
            }
        }
        else
        {
            metadata["parent_atom_id"] = ParentAtomId;
            metadata["part"] = Part;
            metadata["start"] = StartChar;
            metadata["end"] = EndChar;
        }

        return new AtomArtifact
        {
            AtomId = AtomId,
            TenantId = scope.TenantId,
            Env = scope.Env,
            ParentAssetId = ParentAssetId,
            Uri = Uri,
            Content = Content,
            OpType = OpType,
            OpVersion = OpVersion,
            Metadata = JsonSerializer.SerializeToElement(metadata, Nexus.Server.Platform.Http.StrictJson.TypeInfo<JsonObject>()),
            CreatedAt = Timestamps.FromMicros(CreatedAt),
            CreatedBy = CreatedBy,
        };
    }
}
