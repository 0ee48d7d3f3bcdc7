
namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>
/// Bytes under keys that the raw assets' <c>BlobKey</c> builds. Uploads land under a staging key by a signed form; only the service writes
/// final keys.
/// Every method throws <see cref="StoreUnavailableException"/> where the store cannot be reached or written.
/// </summary>
internal interface IBlobStore
{
    /// <summary>How a record names the bytes of a key; tells where they are to people, opens nothing.</summary>
    string GetUri(string key);

    /// <summary>
    /// Whether uploads come through the service, which counts their bytes against the quota as they come. Elsewhere only a form's size can
    /// be counted.
    /// </summary>
    bool ReceivesUploads { get; }

    /// <summary>A form that lets whoever has it upload to one staging key until it ends.</summary>
    /// <param name="service">The service's URL as the caller sees it.</param>
    /// <param name="rules">What the form allows.</param>
    PresignedPost PresignUpload(string service, UploadConstraints rules);

    /// <summary>Opens the bytes of a key, or null where there are none. The stream seeks and is read asynchronously only.</summary>
    ValueTask<Blob?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Puts bytes that were opened before under another key too; what stood there is replaced in one step.</summary>
    /// <returns>False where the source has been replaced or removed since it was opened.</returns>
    ValueTask<bool> CopyAsync(Blob from, string to, CancellationToken cancellationToken);

    /// <summary>Removes a key's bytes; fine where there are none.</summary>
    ValueTask DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes what writes that never ended have left behind.</summary>
    ValueTask DeleteAbandonedAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Opened bytes, of the version that was there at opening.</summary>
/// <param name="Key">Their key.</param>
/// <param name="Content">A seekable stream from the first byte.</param>
/// <param name="Length">How many.</param>
/// <param name="Version">The store's tag of this version; empty where a key's bytes never change.</param>
internal sealed record Blob(string Key, Stream Content, long Length, string Version) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>What an upload form allows.</summary>
/// <param name="Key">The staging key, which holds tenant, env and asset.</param>
/// <param name="ContentType">The type the form must name.</param>
/// <param name="MinBytes">Fewest bytes.</param>
/// <param name="MaxBytes">Most bytes.</param>
/// <param name="SignedAt">When it is signed.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record UploadConstraints(
    string Key, string ContentType, long MinBytes, long MaxBytes, DateTimeOffset SignedAt, DateTimeOffset ExpiresAt);

/// <summary>A form to post: where to, and the fields that go before the file, in this order.</summary>
internal sealed record PresignedPost(string Url, Dictionary<string, string> Fields);
