using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// The service's secrets. They live in the database, so that every node has them, wrapped by the one master key
/// (AES-256-GCM, bound to their name), which does not.
/// </summary>
internal sealed class SecretStore(Database database, byte[] masterKey, TimeProvider time)
{
    /// <summary>The file of the data folder that has the master key, where the setting does not.</summary>
    public const string MasterKeyFile = "master.key";

    private readonly ConcurrentDictionary<string, byte[]> _cache = new(StringComparer.Ordinal);

    /// <summary>The secret of a name: the one kept, or a new one that is kept from now on.</summary>
    /// <param name="name">Such as <c>api-keys</c>.</param>
    /// <param name="make">Makes the plain bytes when there is none yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StartupException">The master key does not open it.</exception>
    public async ValueTask<byte[]> GetOrCreateAsync(string name, Func<byte[]> make, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue(name, out var known))
        {
            return known;
        }

        var sealedBytes = await database.ReadAsync(
            Scope.System,
            session => session.FirstOrDefaultAsync<byte[]>("select sealed from secrets where name = @name", new { name }),
            cancellationToken)
            ?? await database.WriteAsync(
                Scope.System,
                async session =>
                {
                    await session.ExecuteAsync(
                        "insert into secrets (name, sealed, created_at) values (@name, @bytes, @now) on conflict (name) do nothing",
                        new { name, bytes = Encrypt(name, make()), now = time.GetUtcNowMicros() });
                    return (await session.FirstOrDefaultAsync<byte[]>("select sealed from secrets where name = @name", new { name }))!;
                },
                cancellationToken);
        return _cache.GetOrAdd(name, Decrypt(name, sealedBytes));
    }

    /// <summary>A secret that <see cref="StorageServices.AddSecret"/> declared: it was loaded when the store opened.</summary>
    /// <exception cref="InvalidOperationException">It was not declared.</exception>
    public byte[] GetKey(string name) =>
        _cache.TryGetValue(name, out var known) ? known : throw new InvalidOperationException($"The secret '{name}' is not declared.");

    /// <summary>A symmetric key of a name.</summary>
    public ValueTask<byte[]> GetOrCreateKeyAsync(string name, CancellationToken cancellationToken) =>
        GetOrCreateAsync(name, () => RandomNumberGenerator.GetBytes(32), cancellationToken);

    /// <summary>
    /// Seals a text for a place outside the database, by the master key itself: what a restored database has lost can still be opened.
    /// </summary>
    /// <param name="purpose">What it is for; nothing else opens it.</param>
    /// <param name="text">The text.</param>
    public string ProtectText(string purpose, string text) =>
        Convert.ToBase64String(Encrypt(purpose, System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Opens what <see cref="ProtectText"/> made.</summary>
    /// <exception cref="StartupException">The master key does not open it.</exception>
    /// <exception cref="FormatException">It is no base64.</exception>
    public string UnprotectText(string purpose, string text) =>
        System.Text.Encoding.UTF8.GetString(Decrypt(purpose, Convert.FromBase64String(text)));

    /// <summary>Reads the master key from its setting, or from the data folder's file, made at first start with mode 600.</summary>
    /// <exception cref="StartupException">It is not 32 bytes in base64.</exception>
    public static byte[] LoadOrCreateMasterKey(string? setting, string folder)
    {
        if (!string.IsNullOrEmpty(setting))
        {
            return DecodeKey(setting, "Nexus:MasterKey");
        }

        var path = Path.Combine(folder, MasterKeyFile);
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // Under another name first: a crash must not leave half a key behind.
            var unfinished = path + "." + Id.New();
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path);
        }

        return DecodeKey(File.ReadAllText(path).Trim(), path);
    }

    private static byte[] DecodeKey(string text, string source)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(text, key, out var length) && length == 32
            ? key
            : throw new StartupException($"{source} must be 32 bytes in base64 (make one with: openssl rand -base64 32).");
    }

    private byte[] Encrypt(string name, byte[] plain)
    {
        const int NonceSize = 12, TagSize = 16;
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(masterKey, TagSize);
        aes.Encrypt(
            bytes.AsSpan(0, NonceSize),
            plain,
            bytes.AsSpan(NonceSize + TagSize),
            bytes.AsSpan(NonceSize, TagSize),
            System.Text.Encoding.UTF8.GetBytes(name));
        return bytes;
    }

    private byte[] Decrypt(string name, byte[] bytes)
    {
        const int NonceSize = 12, TagSize = 16;
        try
        {
            var plain = new byte[bytes.Length - NonceSize - TagSize];
            using var aes = new AesGcm(masterKey, TagSize);
            aes.Decrypt(
                bytes.AsSpan(0, NonceSize),
                bytes.AsSpan(NonceSize + TagSize),
                bytes.AsSpan(NonceSize, TagSize),
                plain,
                System.Text.Encoding.UTF8.GetBytes(name));
            return plain;
        }
        catch (CryptographicException)
        {
            throw new StartupException(
                "The master key does not open this database's secrets. Start with the key that made them (Nexus:MasterKey, or master.key "
                + "in the data folder).");
        }
    }
}
