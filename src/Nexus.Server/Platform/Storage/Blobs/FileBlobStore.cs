namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>
/// Bytes as files below <c>{data}/blobs</c>. Each is written under a temporary name, flushed, and renamed, so a key has all of its bytes
/// or none; staged bytes are never replaced. Nodes that share a database share this folder too.
/// </summary>
internal sealed class FileBlobStore : IBlobStore
{
    /// <summary>The path of the route that takes this store's forms.</summary>
    public const string UploadPath = "/nexus/raw/uploads";

    private const int BufferSize = 128 << 10;
    private readonly string _root;
    private readonly string _temporaryFolder;

    /// <summary>Opens the store.</summary>
    /// <param name="folder">Its folder, made at need.</param>
    /// <param name="key">Signs the forms.</param>
    /// <exception cref="StartupException">The folder cannot be made.</exception>
    public FileBlobStore(string folder, byte[] key)
    {
        _root = DataFolder.EnsureCreated(folder);
        _temporaryFolder = DataFolder.EnsureCreated(Path.Combine(_root, "unfinished"));
        PolicySigner = new PostPolicySigner("nexus", Convert.ToHexStringLower(key), "local", "nexus");
    }

    /// <summary>Signs and verifies the forms.</summary>
    public PostPolicySigner PolicySigner { get; }

    /// <inheritdoc />
    public bool ReceivesUploads => true;

    /// <inheritdoc />
    public string GetUri(string key) => "nexus-blob:///" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    /// <inheritdoc />
    public PresignedPost PresignUpload(string service, UploadConstraints rules) =>
        new(service.TrimEnd('/') + UploadPath, PolicySigner.Sign(rules));

    /// <inheritdoc />
    public ValueTask<Blob?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileStream(
                GetPath(key),
                new FileStreamOptions
                {
                    Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                    Share = FileShare.Read | FileShare.Delete,
                    BufferSize = 0,
                });
            return new(new Blob(key, file, file.Length, ""));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Blob?)null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException("A blob cannot be opened.", exception);
        }
    }

    /// <inheritdoc />
    public async ValueTask<bool> CopyAsync(Blob from, string to, CancellationToken cancellationToken)
    {
        from.Content.Position = 0;
        using var copy = await WriteTemporaryAsync(from.Content, long.MaxValue, cancellationToken);
        return MoveIntoPlace(to, path =>
        {
            File.Move(copy.Path, path, overwrite: true);
            return true;
        });
    }

    /// <inheritdoc />
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = GetPath(key);
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                DurableFolder.Flush(folder);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return ValueTask.CompletedTask;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException("A blob cannot be removed.", exception);
        }

        RemoveAssetFolder(folder);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask DeleteAbandonedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        foreach (var file in new DirectoryInfo(_temporaryFolder).EnumerateFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime))
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Delete();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Writes bytes to disk under a name that no key has; disposing removes what was not placed.</summary>
    /// <param name="bytes">Read to their end, or to one past <paramref name="most"/>.</param>
    /// <param name="most">Most bytes; a stream that holds more gives a longer length, and is not kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidDataException">The bytes broke off.</exception>
    public async ValueTask<TemporaryBlob> WriteTemporaryAsync(Stream bytes, long most, CancellationToken cancellationToken)
    {
        var blob = new TemporaryBlob(Path.Combine(_temporaryFolder, Id.New()));
        try
        {
            await using var file = new FileStream(
                blob.Path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    Options = FileOptions.Asynchronous,
                    BufferSize = 0,
                });
            var buffer = new byte[BufferSize];
            while (blob.Length <= most && await ReadAsync(bytes, buffer, cancellationToken) is > 0 and var read)
            {
                blob.Length += read;
                if (blob.Length <= most)
                {
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            if (blob.Length <= most)
            {
                file.Flush(flushToDisk: true);
            }

            return blob;
        }
        catch (Exception exception)
        {
            blob.Dispose();
            if (exception is IOException and not BadHttpRequestException or UnauthorizedAccessException)
            {
                throw new StoreUnavailableException("Bytes cannot be written.", exception);
            }

            throw;
        }
    }

    /// <summary>Gives taken bytes their key, where nothing is there yet.</summary>
    /// <returns>False where something is.</returns>
    public bool TryCommit(TemporaryBlob blob, string key) => MoveIntoPlace(key, path => DurableFolder.TryLink(blob.Path, path));

    private bool MoveIntoPlace(string key, Func<string, bool> place)
    {
        var path = GetPath(key);
        try
        {
            DurableFolder.Create(Path.GetDirectoryName(path)!, _root);
            if (!place(path))
            {
                return false;
            }

            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException("Bytes cannot be placed.", exception);
        }
    }

    /// <summary>An asset's folder goes with its last file. Folders of tenants stay: another upload may be about to use them.</summary>
    private static void RemoveAssetFolder(string folder)
    {
        try
        {
            if (Guid.TryParseExact(Path.GetFileName(folder), "D", out _)
                && Directory.Exists(folder)
                && !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // It has got a file meanwhile, or is gone: either is fine.
        }
    }

    private static async ValueTask<int> ReadAsync(Stream bytes, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await bytes.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new InvalidDataException("The bytes broke off.", exception);
        }
    }

    private string GetPath(string key)
    {
        var path = Path.GetFullPath(Path.Combine(_root, key.Replace('/', Path.DirectorySeparatorChar)));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException("The key leaves the store.", nameof(key));
    }
}

/// <summary>Bytes on disk that have no key yet.</summary>
internal sealed class TemporaryBlob(string path) : IDisposable
{
    /// <summary>Where they are.</summary>
    public string Path { get; } = path;

    /// <summary>How many were read; more than were allowed where there were more.</summary>
    public long Length { get; set; }

    /// <inheritdoc />
    public void Dispose() => File.Delete(Path);
}
