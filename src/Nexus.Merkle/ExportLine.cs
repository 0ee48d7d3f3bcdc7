using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>One line of an export: an entry of the log, and its content with the salt of its commitments until they are erased.</summary>
public sealed record ExportLine
{
    /// <summary>The length of a salt, in bytes.</summary>
    public const int SaltSize = 16;

    private ExportLine(byte[] entry, byte[]? content, byte[]? salt) => (Entry, Content, Salt) = (entry, content, salt);

    /// <summary>The entry's bytes, which the leaf is the hash of.</summary>
    public byte[] Entry { get; }

    /// <summary>The content's bytes; null once erased.</summary>
    public byte[]? Content { get; }

    /// <summary>The salt of the entry's commitments; null once erased.</summary>
    public byte[]? Salt { get; }

    /// <summary>The lines of an export, which are not checked.</summary>
    /// <exception cref="FormatException">One is no such line.</exception>
    public static async IAsyncEnumerable<ExportLine> ReadAsync(Stream export, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var line in LineReader.ReadAsync(export, cancellationToken))
        {
            yield return Parse(line);
        }
    }

    /// <summary>The place that the entry says it has.</summary>
    /// <exception cref="FormatException">The entry is not canonical or lacks what every entry has.</exception>
    public long Place() => Envelope.Parse(Entry).Seq;

    /// <summary>The tenant and the env that the entry says it is of.</summary>
    /// <exception cref="FormatException">The entry is not canonical or lacks what every entry has.</exception>
    public (string Tenant, string Env) Log()
    {
        var envelope = Envelope.Parse(Entry);
        return (envelope.Tenant, envelope.Env);
    }

    /// <summary>Why the content is not the one that the entry commits to; null where it is, or is erased.</summary>
    /// <exception cref="FormatException">Entry or content is not canonical.</exception>
    public Fault? Check() => Content is null || Salt is null ? null : Envelope.Parse(Entry).Against(Content, Salt);

    /// <summary>Reads a line: an object of <c>entry</c>, <c>content</c> and <c>salt</c>, the last two together null or not.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static ExportLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, CanonicalText.Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.GetPropertyCount() == 3
                && root.TryGetProperty("entry", out var entry) && root.TryGetProperty("content", out var content) && root.TryGetProperty("salt", out var salt)
                && entry.GetString() is { } text && (content.GetString() is null) == (salt.GetString() is null))
            {
                byte[]? bytes = null;
                return salt.GetString() is not { } base64 || (StrictText.TryBase64(base64, out bytes) && bytes.Length == SaltSize)
                    ? new ExportLine(StrictText.Utf8.GetBytes(text), content.GetString() is { } written ? StrictText.Utf8.GetBytes(written) : null, bytes)
                    : throw new FormatException("The salt is not 16 bytes in base64.");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("The line is no JSON object of entry, content and salt.", e);
        }

        throw new FormatException("The line is no JSON object of entry, content and salt, each a string, the last two null once erased.");
    }
}
