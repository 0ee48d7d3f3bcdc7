using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>
/// One line of an export: a log entry, its content, and the salt of the entry's commitments. Content and salt are null once
/// erased.
/// </summary>
public sealed record ExportLine
{
    /// <summary>The length of a salt, in bytes.</summary>
    public const int SaltSize = 16;

    private ExportLine(byte[] entry, byte[]? content, byte[]? salt) => (Entry, Content, Salt) = (entry, content, salt);

    /// <summary>The entry's bytes. The leaf hash is computed over them.</summary>
    public byte[] Entry { get; }

    /// <summary>The content's bytes; null once erased.</summary>
    public byte[]? Content { get; }

    /// <summary>The salt of the entry's commitments; null once erased.</summary>
    public byte[]? Salt { get; }

    /// <summary>Reads the lines of an export without verifying them.</summary>
    /// <exception cref="FormatException">A line is not a valid export line.</exception>
    public static async IAsyncEnumerable<ExportLine> ReadAsync(
        Stream export, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var line in LineReader.ReadAsync(export, cancellationToken))
        {
            yield return Parse(line);
        }
    }

    /// <summary>Returns the sequence number stated in the entry.</summary>
    /// <exception cref="FormatException">The entry is not canonical JSON or lacks a required field.</exception>
    public long Place() => Envelope.Parse(Entry).Seq;

    /// <summary>Returns the tenant and env stated in the entry.</summary>
    /// <exception cref="FormatException">The entry is not canonical JSON or lacks a required field.</exception>
    public (string Tenant, string Env) Log()
    {
        var envelope = Envelope.Parse(Entry);
        return (envelope.Tenant, envelope.Env);
    }

    /// <summary>Returns the fault if the entry does not commit to the content, or null if it does or the content was erased.</summary>
    /// <exception cref="FormatException">The entry or the content is not canonical JSON.</exception>
    public Fault? Check() => Content is null || Salt is null ? null : Envelope.Parse(Entry).Against(Content, Salt);

    /// <summary>
    /// Parses a line: an object with <c>entry</c>, <c>content</c> and <c>salt</c>. Content and salt are both null or both set.
    /// </summary>
    /// <exception cref="FormatException">The line is not a valid export line.</exception>
    public static ExportLine Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, CanonicalText.Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.GetPropertyCount() == 3
                && root.TryGetProperty("entry", out var entry)
                && root.TryGetProperty("content", out var content)
                && root.TryGetProperty("salt", out var salt)
                && entry.GetString() is { } text && (content.GetString() is null) == (salt.GetString() is null))
            {
                byte[]? bytes = null;
                return salt.GetString() is not { } base64 || (StrictText.TryBase64(base64, out bytes) && bytes.Length == SaltSize)
                    ? new ExportLine(
                        StrictText.Utf8.GetBytes(text),
                        content.GetString() is { } written ? StrictText.Utf8.GetBytes(written) : null,
                        bytes)
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
