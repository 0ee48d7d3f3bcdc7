using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
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
    private static readonly Problem _notUploaded =
        new(
            ProblemCodes.RawNotUploaded,
            "Nothing was uploaded with this asset's form, or the upload has expired. Get a new form and upload again.");
    private static readonly Problem _inFlight =
        new(ProblemCodes.RawInFlight, "The asset is being registered, or its bytes were replaced meanwhile. Try again.") { RetryAfter = 1 };
    private static readonly Problem _conflict = new(ProblemCodes.RawConflict, "The asset is already registered with different values.");

    /// <summary>Hashes the staged bytes, copies them to their final key and stores the asset.</summary>
    public static async Task<Results<EntityResult<RawAsset>, Problem>> RegisterAsync(
        RequestContext context, JsonBody<RawAssetRegistration> body, RawAssetStore assets, IBlobStore blobs, RawAssetReaper reaper,
        Database database, IdempotentWriter mutations, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Validate(body.Value) is { } invalid)
        {
            return invalid;
        }

        var registration = body.Value with { Sha256 = body.Value.Sha256?.ToLowerInvariant() };
        if (await mutations.FindReplayAsync<RawAsset>(context, cancellationToken) is { } repeat)
        {
            return repeat;
        }

        if (await FindAsync() is { } existing)
        {
            return await SameAsync(existing);
        }

        if (await database.ReadAsync(
            context.Scope,
            session => RawUploadStore.FindAsync(session, registration.AssetId),
            cancellationToken) is not { State: not ("gone" or "registered") } upload)
        {
            return await FindAsync() is { } justNow ? await SameAsync(justNow) : Problem.NotFound;
        }

        if (await blobs.OpenReadAsync(BlobKey.Staging(context.Scope, registration.AssetId), cancellationToken) is not { } found)
        {
            return _notUploaded;
        }

        await using var staged = found;
        if (CheckUpload(registration, upload, staged) is { } mismatch)
        {
            return mismatch;
        }

        var sha = Convert.ToHexStringLower(await SHA256.HashDataAsync(staged.Content, cancellationToken));
        if ((registration.Sha256 ?? sha) != sha)
        {
            return Problem.Invalid("sha256", "must be the hash of the uploaded bytes.");
        }

        var asset = new RawAssetRow
        {
            AssetId = registration.AssetId,
            Filename = registration.Filename,
            Sha256 = sha,
            SizeBytes = staged.Length,
            ContentType = registration.ContentType ?? upload.ContentType ?? PresignEndpoint.DefaultContentType,
            Metadata = Canonicalize(registration.Metadata) ?? "{}",
            SubjectId = registration.SubjectId,
        };
        var key = asset.GetBlobKey(context.Scope);
        if (registration.Uri is { Length: > 0 } uri && uri != blobs.GetUri(key))
        {
            return Problem.Invalid("uri", "must be empty: the service assigns it.");
        }

        var claimedAt = time.GetUtcNowMicros();
        if (!await database.WriteAsync(
            context.Scope,
            session => RawUploadStore.TryClaimAsync(session, registration.AssetId, claimedAt),
            cancellationToken))
        {
            return await FindAsync() is { } justNow ? await SameAsync(justNow) : _inFlight;
        }

        try
        {
            if (!await blobs.CopyAsync(staged, key, cancellationToken))
            {
                await ReleaseAsync(database, context.Scope, asset, claimedAt);
                return _inFlight;
            }

            var answer = await mutations.RunAsync(
                context,
                async session => (await assets.RegisterAsync(session, context, asset, claimedAt)).ToWire(context.Scope, blobs),
                cancellationToken);
            await reaper.RemoveAsync(staged.Key, CancellationToken.None);
            return answer;
        }
        catch
        {
            await ReleaseAsync(database, context.Scope, asset, claimedAt);
            throw;
        }

        ValueTask<RawAssetRow?> FindAsync() =>
            database.ReadAsync(context.Scope, session => RawAssetStore.FindAsync(session, registration.AssetId), cancellationToken);

        async ValueTask<Results<EntityResult<RawAsset>, Problem>> SameAsync(RawAssetRow row) => Matches(registration, row)
            ? await mutations.RunAsync(context, _ => new ValueTask<RawAsset>(row.ToWire(context.Scope, blobs)), cancellationToken)
            : _conflict;
    }

    private static Problem? Validate(RawAssetRegistration registration)
    {
        if (registration.Sha256 is { } sha && !(sha.Length == 64 && sha.All(char.IsAsciiHexDigit)))
        {
            return Problem.Invalid("sha256", "must be 64 hexadecimal digits.");
        }

        if (registration.Metadata is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return Problem.Invalid("metadata", "must be a JSON object.");
        }

        return PresignEndpoint.CheckContentType(registration.ContentType)
            ?? BodyValidation.CheckPersonId(registration.SubjectId, "subject_id");
    }

    /// <summary>What was registration of the upload must agree with its form and its size.</summary>
    private static Problem? CheckUpload(RawAssetRegistration registration, RawUpload upload, Blob staged) =>
        registration.Filename != upload.Filename ? Problem.Invalid("filename", "must be the one that the upload form was requested for.")
        : registration.ContentType is { } type && upload.ContentType is { } asked && type != asked
            ? Problem.Invalid("content_type", "must be the one that the upload form was requested for.")
        : (registration.SizeBytes ?? staged.Length) != staged.Length
        ? Problem.Invalid("size_bytes", "must be the size of the uploaded bytes.")
        : null;

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
