using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>The result of planning an atom, before it is stored.</summary>
/// <param name="Uri">The URI of the asset's bytes.</param>
/// <param name="Result">The op's result; null if the atom already exists.</param>
internal sealed record PlannedAtom(string AtomId, RawAssetRow Asset, string Uri, IAtomOp Op, AtomParams Params, OpResult? Result);

/// <summary>Stores atoms. An atom is written once with its event, and every query is limited to one tenant and env.</summary>
internal sealed class AtomStore(EventLog log)
{
    /// <summary>The approximate maximum number of characters in a page, so that a hundred long atoms do not fill the memory.</summary>
    private const long MaxListed = 4 << 20;

    private const int InsertBatchSize = 1_000;

    private const string Columns =
        """
        atom_id as AtomId, parent_asset_id as ParentAssetId, parent_atom_id as ParentAtomId, part, uri, op_type as OpType,
        op_version as OpVersion, params, content,
        start_char as StartChar, end_char as EndChar, children, metadata, sha256, source_sha256 as SourceSha256, subject_id as SubjectId,
        created_at as CreatedAt, created_by as CreatedBy, seq
        """;

    private const string InsertSql =
        """
        insert into atoms (tenant_id, env, atom_id, parent_asset_id, parent_atom_id, part, uri, op_type, op_version, params, content,
          content_length,
          start_char, end_char, children, metadata, sha256, source_sha256, subject_id, created_at, created_by, seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """;

    /// <summary>Stores an atom with its parts and records <c>atom_created</c>. Writes nothing if the atom already exists.</summary>
    /// <exception cref="ProblemException">404 if the asset was deleted in the meantime, 403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<AtomRow> CreateAsync(WriteSession session, RequestContext context, PlannedAtom planned)
    {
        // Writes to one tenant and env are serialized across all nodes, so no other write can create the atom after this check.
        if (await FindAsync(session, planned.AtomId) is { } before)
        {
            return before;
        }

        if (planned.Result is not { } result || await RawAssetStore.FindAsync(session, planned.Asset.AssetId) is null)
        {
            throw new ProblemException(Problem.NotFound);
        }

        var metadata = Encoding.UTF8.GetString(CanonicalJson.Write(result.Metadata));
        await session.BatchState<UsageBatchState>().AddAsync(
            session, CountBytes(result.Content) + CountBytes(metadata) + result.Children.Sum(child => CountBytes(child.Content)));
        var recorded = await log.AppendAsync(session, context, new NewEvent("atom_created", "atom", planned.AtomId)
        {
            SubjectId = planned.Asset.SubjectId,
            Input = new JsonObject
            {
                ["raw_asset_id"] = planned.Asset.AssetId,
                ["op_type"] = planned.Op.Name,
                ["op_version"] = planned.Op.Version,
                ["params"] = JsonNode.Parse(planned.Params.Canonical),
            },
            Output = new JsonObject { ["child_count"] = result.Children.Count },
        });
        await session.ExecuteManyAsync(InsertSql, [Row(null, 0, result.Content, null, null, result.Children.Count, metadata)]);
        foreach (var rows in result.Children.Select(
            (child, at) => Row(planned.AtomId, at + 1, child.Content, child.Start, child.End, 0, SerializeMetadata(child)))
            .Chunk(InsertBatchSize))
        {
            await session.ExecuteManyAsync(InsertSql, rows);
        }

        return (await FindAsync(session, planned.AtomId))!;

        object?[] Row(string? parent, int part, string? content, int? start, int? end, int children, string rowMetadata) =>
        [
            session.Scope.TenantId, session.Scope.Env, parent is null ? planned.AtomId : AtomIds.CreatePart(parent, part),
            planned.Asset.AssetId, parent, part, planned.Uri,
            planned.Op.Name, planned.Op.Version, planned.Params.Canonical, content, content?.Length ?? 0, start, end, children, rowMetadata,
            content is null ? planned.Asset.Sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
            planned.Asset.Sha256,
            planned.Asset.SubjectId, recorded.RecordedAt, context.UserId, recorded.Seq,
        ];
    }

    /// <summary>An atom, or null.</summary>
    public static async ValueTask<AtomRow?> FindAsync(ReadSession session, string atomId)
    {
        var atom = await session.FirstOrDefaultAsync<AtomRow>(
            $"select {Columns} from atoms where tenant_id = @TenantId and env = @Env and atom_id = @atomId",
            new { session.Scope.TenantId, session.Scope.Env, atomId });
        return atom is null ? null : (await MarkDeletedSourcesAsync(session, [atom]))[0];
    }

    /// <summary>Returns a page of atoms, newest first, each followed by its parts.</summary>
    /// <param name="after">The position of the previous page's last atom; null for the first page.</param>
    /// <param name="limit">The maximum number of atoms. A page of long texts has fewer, but at least one.</param>
    /// <returns>The atoms, and whether this is the last page.</returns>
    public static async ValueTask<(List<AtomRow> Atoms, bool IsLast)> ListAsync(
        ReadSession session, AtomFilter filter, (long Seq, int Part)? after, int limit)
    {
        var keys = await session.QueryAsync<(string AtomId, int Length)>(
            "select atom_id, content_length from atoms where tenant_id = @TenantId and env = @Env"
            + (filter.ParentAssetId is null ? "" : " and parent_asset_id = @ParentAssetId")
            + (filter.ParentAtomId is null ? "" : " and parent_atom_id = @ParentAtomId")
            + (filter.OpType is null ? "" : " and op_type = @OpType")
            + (after is null ? "" : " and (seq < @seq or (seq = @seq and part > @part))")
            + " order by seq desc, part limit @most",
            new
            {
                session.Scope.TenantId, session.Scope.Env, filter.ParentAssetId, filter.ParentAtomId, filter.OpType, seq = after?.Seq ?? 0,
                part = after?.Part ?? 0, most = limit + 1,
            });
        var taken = 0;
        for (long length = 0; taken < Math.Min(keys.Count, limit) && (taken == 0 || length + keys[taken].Length <= MaxListed); taken++)
        {
            length += keys[taken].Length;
        }

        string[] ids = [.. keys.Take(taken).Select(key => key.AtomId)];
        var atoms = await session.QueryAsync<AtomRow>(
            $"""
            select {Columns} from atoms where tenant_id = @TenantId and env = @Env and {session.In("atom_id", "ids")}
              order by seq desc, part
            """,
            new { session.Scope.TenantId, session.Scope.Env, ids });
        return (await MarkDeletedSourcesAsync(session, atoms), taken == keys.Count);
    }

    private static async ValueTask<List<AtomRow>> MarkDeletedSourcesAsync(ReadSession session, List<AtomRow> atoms)
    {
        if (atoms.Count > 0)
        {
            var sources = await RawAssetStore.FindExistingAsync(
                session,
                [.. atoms.Select(atom => atom.ParentAssetId).Distinct(StringComparer.Ordinal)]);
            atoms.ForEach(atom => atom.SourceDeleted = !sources.Contains(atom.ParentAssetId));
        }

        return atoms;
    }

    private static string SerializeMetadata(OpChild child) =>
        child.Metadata is null ? "{}" : Encoding.UTF8.GetString(CanonicalJson.Write(child.Metadata));

    private static long CountBytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}

/// <summary>Restricts a list of atoms. A null value matches everything.</summary>
internal sealed record AtomFilter(string? ParentAssetId, string? ParentAtomId, string? OpType);
