using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// The service's secrets. They live in the database, so that every node has them, wrapped by the one master key
/// (AES-256-GCM, bound to their name), which does not.
/// </summary>
internal sealed class Secrets(Database database, byte[] masterKey, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, byte[]> _opened = new(StringComparer.Ordinal);

    /// <summary>The secret of a name: the one kept, or a new one that is kept from now on.</summary>
    /// <param name="name">Such as <c>api-keys</c>.</param>
    /// <param name="make">Makes the plain bytes when there is none yet.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StartRefusedException">The master key does not open it.</exception>
    public async ValueTask<byte[]> GetAsync(string name, Func<byte[]> make, CancellationToken cancellation)
    {
        if (_opened.TryGetValue(name, out var known))
        {
            return known;
        }

        var sealedBytes = await database.ReadAsync(Scope.System, session => session.FirstAsync<byte[]>("select sealed from secrets where name = @name", new { name }), cancellation)
            ?? await database.WriteAsync(
                Scope.System,
                async session =>
                {
                    await session.ExecuteAsync(
                        "insert into secrets (name, sealed, created_at) values (@name, @bytes, @now) on conflict (name) do nothing",
                        new { name, bytes = Seal(name, make()), now = time.Micros() });
                    return (await session.FirstAsync<byte[]>("select sealed from secrets where name = @name", new { name }))!;
                },
                cancellation);
        return _opened.GetOrAdd(name, Open(name, sealedBytes));
    }

    /// <summary>A symmetric key of a name.</summary>
    public ValueTask<byte[]> GetKeyAsync(string name, CancellationToken cancellation) => GetAsync(name, () => RandomNumberGenerator.GetBytes(32), cancellation);

    /// <summary>Seals a text for a place outside the database, by the master key itself: what a restored database has lost can still be opened.</summary>
    /// <param name="purpose">What it is for; nothing else opens it.</param>
    /// <param name="text">The text.</param>
    public string SealText(string purpose, string text) => Convert.ToBase64String(Seal(purpose, System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Opens what <see cref="SealText"/> made.</summary>
    /// <exception cref="StartRefusedException">The master key does not open it.</exception>
    /// <exception cref="FormatException">It is no base64.</exception>
    public string OpenText(string purpose, string text) => System.Text.Encoding.UTF8.GetString(Open(purpose, Convert.FromBase64String(text)));

    /// <summary>Reads the master key from its setting, or from the data folder's file, made at first start with mode 600.</summary>
    /// <exception cref="StartRefusedException">It is not 32 bytes in base64.</exception>
    public static byte[] MasterKey(string? setting, string folder)
    {
        if (!string.IsNullOrEmpty(setting))
        {
            return Decode(setting, "Nexus:MasterKey");
        }

        var path = Path.Combine(folder, "master.key");
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

        return Decode(File.ReadAllText(path).Trim(), path);
    }

    private static byte[] Decode(string text, string source)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(text, key, out var length) && length == 32
            ? key
            : throw new StartRefusedException($"{source} must be 32 bytes in base64 (make one with: openssl rand -base64 32).");
    }

    private byte[] Seal(string name, byte[] plain)
    {
        const int NonceSize = 12, TagSize = 16;
        var bytes = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceSize));
        using var aes = new AesGcm(masterKey, TagSize);
        aes.Encrypt(bytes.AsSpan(0, NonceSize), plain, bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), System.Text.Encoding.UTF8.GetBytes(name));
        return bytes;
    }

    private byte[] Open(string name, byte[] bytes)
    {
        const int NonceSize = 12, TagSize = 16;
        try
        {
            var plain = new byte[bytes.Length - NonceSize - TagSize];
            using var aes = new AesGcm(masterKey, TagSize);
            aes.Decrypt(bytes.AsSpan(0, NonceSize), bytes.AsSpan(NonceSize + TagSize), bytes.AsSpan(NonceSize, TagSize), plain, System.Text.Encoding.UTF8.GetBytes(name));
            return plain;
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException("The master key does not open this database's secrets. Start with the key that made them (Nexus:MasterKey, or master.key in the data folder).");
        }
    }
}
