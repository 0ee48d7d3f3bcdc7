using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// <c>POST /nexus/raw/register</c>: writes the bytes first, then row and event in one transaction. A crash in between leaves
/// nothing visible.
/// </summary>
internal static class RegisterEndpoint
{
    private static readonly Problem _notUploaded = new(StatusCodes.Status404NotFound, "raw.not_uploaded", "Nothing was uploaded with this asset's form, or it was too long ago.");
    private static readonly Problem _inFlight = new(StatusCodes.Status409Conflict, "raw.in_flight", "The asset is being registered, or its bytes were replaced meanwhile.") { RetryAfter = 1 };
    private static readonly Problem _conflict = new(StatusCodes.Status409Conflict, "raw.conflict", "The asset is registered with other facts.");

    /// <summary>Hashes the staged bytes, copies them to their final key and stores the asset.</summary>
    public static async Task<EntityResult<RawAsset>> RegisterAsync(
        RequestContext context, JsonBody<RawAssetRegistration> body, RawAssetStore assets, IBlobStore blobs, RawAssetReaper reaper, Database database, IdempotentWriter mutations, TimeProvider time, CancellationToken cancellationToken)
    {
        var registration = Validate(body.Value);
        if (await mutations.FindReplayAsync<RawAsset>(context, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (await FindAsync() is { } existing)
        {
            return await SameAsync(existing);
        }

        if (await database.ReadAsync(context.Scope, session => RawUploadStore.FindAsync(session, registration.AssetId), cancellationToken) is not { State: not ("gone" or "registered") } upload)
        {
            return await FindAsync() is { } justNow ? await SameAsync(justNow) : throw new ProblemException(Problem.NotFound);
        }

        await using var staged = await blobs.OpenReadAsync(BlobKey.Staging(context.Scope, registration.AssetId), cancellationToken) ?? throw new ProblemException(_notUploaded);
        var asset = await DescribeAsync(registration, upload, staged, cancellationToken);
        var key = asset.GetBlobKey(context.Scope);
        if (registration.Uri is { Length: > 0 } uri && uri != blobs.GetUri(key))
        {
            throw new ProblemException(Problem.Invalid("uri", "must be empty: the service says where the bytes are."));
        }

        var claimedAt = time.GetUtcNowMicros();
        if (!await database.WriteAsync(context.Scope, session => RawUploadStore.TryClaimAsync(session, registration.AssetId, claimedAt), cancellationToken))
        {
            return await FindAsync() is { } justNow ? await SameAsync(justNow) : throw new ProblemException(_inFlight);
        }

        try
        {
            if (!await blobs.CopyAsync(staged, key, cancellationToken))
            {
                throw new ProblemException(_inFlight);
            }

            var answer = await mutations.RunAsync(
                context, async session => (await assets.RegisterAsync(session, context, asset, claimedAt)).ToWire(context.Scope, blobs), cancellationToken);
            await reaper.RemoveAsync(staged.Key, CancellationToken.None);
            return answer;
        }
        catch
        {
            await ReleaseAsync(database, context.Scope, asset, claimedAt);
            throw;
        }

        ValueTask<RawAssetRow?> FindAsync() => database.ReadAsync(context.Scope, session => RawAssetStore.FindAsync(session, registration.AssetId), cancellationToken);

        async ValueTask<EntityResult<RawAsset>> SameAsync(RawAssetRow row) => Matches(registration, row)
            ? await mutations.RunAsync(context, _ => new ValueTask<RawAsset>(row.ToWire(context.Scope, blobs)), cancellationToken)
            : throw new ProblemException(_conflict);
    }

    private static RawAssetRegistration Validate(RawAssetRegistration registration)
    {
        PresignEndpoint.ValidateContentType(registration.ContentType);
        if (registration.Sha256 is { } sha && !(sha.Length == 64 && sha.All(char.IsAsciiHexDigit)))
        {
            throw new ProblemException(Problem.Invalid("sha256", "must be 64 hexadecimal digits."));
        }

        if (registration.Metadata is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            throw new ProblemException(Problem.Invalid("metadata", "must be a JSON object."));
        }

        BodyValidation.RequirePersonId(registration.SubjectId, "subject_id");
        return registration with { Sha256 = registration.Sha256?.ToLowerInvariant() };
    }

    /// <summary>Combines the request with the facts of the staged bytes. Throws 422 if they differ.</summary>
    private static async ValueTask<RawAssetRow> DescribeAsync(RawAssetRegistration registration, RawUpload upload, Blob staged, CancellationToken cancellationToken)
    {
        if (registration.Filename != upload.Filename)
        {
            throw new ProblemException(Problem.Invalid("filename", "is not the one that the upload form was asked for."));
        }

        if (registration.ContentType is { } type && upload.ContentType is { } asked && type != asked)
        {
            throw new ProblemException(Problem.Invalid("content_type", "is not the one that the upload form was asked for."));
        }

        if ((registration.SizeBytes ?? staged.Length) != staged.Length)
        {
            throw new ProblemException(Problem.Invalid("size_bytes", "is not that of the uploaded bytes."));
        }

        var sha = Convert.ToHexStringLower(await SHA256.HashDataAsync(staged.Content, cancellationToken));
        return registration.Sha256 is null || registration.Sha256 == sha
            ? new RawAssetRow
            {
                AssetId = registration.AssetId,
                Filename = registration.Filename,
                Sha256 = sha,
                SizeBytes = staged.Length,
                ContentType = registration.ContentType ?? upload.ContentType ?? PresignEndpoint.DefaultContentType,
                Metadata = Canonicalize(registration.Metadata) ?? "{}",
                SubjectId = registration.SubjectId,
            }
            : throw new ProblemException(Problem.Invalid("sha256", "is not that of the uploaded bytes."));
    }

    private static bool Matches(RawAssetRegistration registration, RawAssetRow row) =>
        registration.Filename == row.Filename
        && (registration.Sha256 ?? row.Sha256) == row.Sha256
        && (registration.SizeBytes ?? row.SizeBytes) == row.SizeBytes
        && (registration.ContentType ?? row.ContentType) == row.ContentType
        && (Canonicalize(registration.Metadata) ?? row.Metadata) == row.Metadata
        && (registration.SubjectId ?? row.SubjectId) == row.SubjectId;

    private static string? Canonicalize(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } given ? Encoding.UTF8.GetString(CanonicalJson.Write(given)) : null;

    /// <summary>
    /// Releases the claim so that the caller may retry. If the reaper closed the upload, it may have run before the copy, so the
    /// bytes are recorded for another run.
    /// </summary>
    private static async ValueTask ReleaseAsync(Database database, Scope scope, RawAssetRow asset, long claimedAt)
    {
        try
        {
            await database.WriteAsync(
                scope,
                async session => await RawUploadStore.ReleaseClaimAsync(session, asset.AssetId, claimedAt)
                    || await RawAssetStore.FindAsync(session, asset.AssetId) is not null
                    || await RawUploadStore.TrackOrphanAsync(session, asset.AssetId, asset.Filename, claimedAt),
                CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The claim expires by itself.
        }
    }
}
