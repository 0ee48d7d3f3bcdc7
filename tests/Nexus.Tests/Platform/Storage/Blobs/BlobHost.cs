namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>The real server with either blob store, and direct access to the stored bytes.</summary>
internal sealed class BlobHost : IAsyncDisposable
{
    private static readonly Lazy<Task<S3Server>> _sharedS3 = new(() => S3Server.StartAsync());

    private readonly bool _isShared;

    private BlobHost(NexusHost server, S3Server? s3, bool isShared) => (Server, S3, _isShared) = (server, s3, isShared);

    public NexusHost Server { get; }

    /// <summary>Its S3 server; null if it stores files.</summary>
    public S3Server? S3 { get; }

    private string Folder => Path.Combine(Server.Folder, "blobs");

    /// <summary>Returns the shared host of an engine and blob store (<c>files</c> or <c>s3</c>).</summary>
    public static async Task<BlobHost> SharedAsync(string engine, string blobs)
    {
        if (blobs == "files")
        {
            return new BlobHost(await NexusHost.SharedAsync(engine), null, isShared: true);
        }

        var s3 = await _sharedS3.Value;
        return new BlobHost(await NexusHost.SharedAsync(engine, "s3", s3.Settings), s3, isShared: true);
    }

    /// <summary>Starts a separate host.</summary>
    public static async Task<BlobHost> StartAsync(string engine, string blobs, params (string Key, string Value)[] settings)
    {
        var s3 = blobs == "s3" ? await S3Server.StartAsync() : null;
        var all = s3?.Settings ?? new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new BlobHost(await NexusHost.StartAsync(engine, all), s3, isShared: false);
    }

    /// <summary>Stops the shared S3 server.</summary>
    public static async ValueTask StopSharedAsync()
    {
        if (_sharedS3.IsValueCreated && _sharedS3.Value.IsCompletedSuccessfully)
        {
            await (await _sharedS3.Value).DisposeAsync();
        }
    }

    /// <summary>Returns the bytes of a key, or null.</summary>
    public byte[]? Read(string key)
    {
        if (S3 is not null)
        {
            return S3.Objects.GetValueOrDefault(key);
        }

        var path = Path.Combine(Folder, key);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Writes bytes directly, as an interrupted write would leave them.</summary>
    public void Write(string key, byte[] bytes)
    {
        if (S3 is not null)
        {
            S3.Objects[key] = bytes;
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, key))!);
        File.WriteAllBytes(Path.Combine(Folder, key), bytes);
    }

    /// <summary>Returns every key of a tenant with its size in bytes.</summary>
    public IReadOnlyDictionary<string, long> Keys(string tenant)
    {
        var all = S3?.Objects.Select(stored => (stored.Key, Length: (long)stored.Value.Length))
            ?? new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => (Key: Path.GetRelativePath(Folder, file.FullName), file.Length));
        return all.Where(stored => stored.Key.Split('/').Contains(tenant, StringComparer.Ordinal))
            .ToDictionary(stored => stored.Key, stored => stored.Length, StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isShared)
        {
            await Server.DisposeAsync();
            await (S3?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
