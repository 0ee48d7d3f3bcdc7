using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Server.Platform.Paging;

/// <summary>
/// Paging cursors: the place to go on from, sealed so that a cursor works only unchanged, in the tenant and env it was
/// made in, and for the same list (the binding: route and filters). It is authentic, not secret.
/// </summary>
internal sealed class CursorCodec(byte[] key)
{
    private const int TagSize = 16;
    private const int MaxLength = 4096;

    /// <summary>Makes a cursor of parts: URL-safe, at most 4,096 characters, else it throws.</summary>
    public string Encode(string tenant, string env, string binding, params ReadOnlySpan<string> parts)
    {
        var payload = new ArrayBufferWriter<byte>();
        foreach (var part in parts)
        {
            Write(payload, part);
        }

        var length = payload.WrittenCount;
        ComputeTag(tenant, env, binding, payload.WrittenSpan, payload.GetSpan(TagSize));
        payload.Advance(TagSize);
        return Base64Url.GetEncodedLength(length + TagSize) <= MaxLength
            ? Base64Url.EncodeToString(payload.WrittenSpan)
            : throw new ArgumentException("A cursor's parts are too long.", nameof(parts));
    }

    /// <summary>
    /// The parts of a cursor, or false (<c>cursor.invalid</c>) for one that was not sealed with the same key, tenant, env and binding.
    /// </summary>
    public bool TryDecode(string cursor, string tenant, string env, string binding, out string[] parts)
    {
        parts = [];
        if (cursor.Length > MaxLength || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < TagSize || !string.Equals(Base64Url.EncodeToString(bytes), cursor, StringComparison.Ordinal))
        {
            return false; // padding, white space: one cursor has one text
        }

        var payload = bytes.AsSpan(..^TagSize);
        Span<byte> tag = stackalloc byte[TagSize];
        ComputeTag(tenant, env, binding, payload, tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes.AsSpan(^TagSize..)))
        {
            return false;
        }

        parts = Read(payload);
        return true;
    }

    private void ComputeTag(string tenant, string env, string binding, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        var sealedText = new ArrayBufferWriter<byte>();
        Write(sealedText, tenant);
        Write(sealedText, env);
        Write(sealedText, binding);
        sealedText.Write(payload);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, sealedText.WrittenSpan, hash);
        hash[..TagSize].CopyTo(destination);
    }

    // Each text with its length before it, so that no two lists of texts have the same bytes.
    private static void Write(ArrayBufferWriter<byte> target, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(target.GetSpan(sizeof(int)), length);
        target.Advance(sizeof(int));
        target.Advance(Encoding.UTF8.GetBytes(text, target.GetSpan(Math.Max(1, length))));
    }

    private static string[] Read(ReadOnlySpan<byte> payload)
    {
        var parts = new List<string>();
        while (payload.Length > 0)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(payload);
            payload = payload[sizeof(int)..];
            parts.Add(Encoding.UTF8.GetString(payload[..length]));
            payload = payload[length..];
        }

        return [.. parts];
    }
}
