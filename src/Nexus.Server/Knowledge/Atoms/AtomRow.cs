using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>A stored atom.</summary>
internal sealed class AtomRow
{
    /// <summary>See <see cref="AtomIds"/>.</summary>
    public string AtomId { get; init; } = "";

    public string ParentAssetId { get; init; } = "";

    /// <summary>The atom this is a part of; null if it is not a part.</summary>
    public string? ParentAtomId { get; init; }

    /// <summary>The part's number, from 1; 0 for an atom that is not a part.</summary>
    public int Part { get; init; }

    /// <summary>The URI of the asset's bytes.</summary>
    public string Uri { get; init; } = "";

    public string OpType { get; init; } = "";

    public string OpVersion { get; init; } = "";

    /// <summary>Canonical JSON.</summary>
    public string Params { get; init; } = "{}";

    /// <summary>The text; null if the op produces none.</summary>
    public string? Content { get; init; }

    /// <summary>For a part: where it starts in the decoded text, in UTF-16 code units.</summary>
    public int? StartChar { get; init; }

    /// <summary>For a part: where it ends, exclusive.</summary>
    public int? EndChar { get; init; }

    /// <summary>The number of parts.</summary>
    public int Children { get; init; }

    /// <summary>The op's metadata as canonical JSON.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>The hash of the content, or of the asset if there is no content.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The hash of the asset.</summary>
    public string SourceSha256 { get; init; } = "";

    /// <summary>The person the asset is about; null if none.</summary>
    public string? SubjectId { get; init; }

    /// <summary>When the atom was created, in Unix microseconds.</summary>
    public long CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>The <c>seq</c> of the atom's event. Parts have the <c>seq</c> of their atom.</summary>
    public long Seq { get; init; }

    /// <summary>Whether the asset is gone; no column, the raw assets know it.</summary>
    public bool SourceDeleted { get; set; }

    /// <summary>Converts the row to its wire form.</summary>
    /// <param name="isListed">In a list the ids of the parts are omitted, because they would make a page megabytes long.</param>
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
                metadata["child_atom_ids"] = new JsonArray(
                    [.. Enumerable.Range(1, Children).Select(part => (JsonNode)AtomIds.CreatePart(AtomId, part))]);
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
