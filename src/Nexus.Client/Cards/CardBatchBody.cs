using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Client;

/// <summary>
/// The body of a <c>POST /nexus/cards/batch</c>. Lines are encoded when they are added, so that the batch knows its size.
/// Not thread-safe.
/// </summary>
public sealed class CardBatchBody
{
    /// <summary>The server's limit of lines per batch.</summary>
    public const int MaxLines = 1_000;

    /// <summary>Maximum bytes per batch, below the server's default limit of 1 MiB.</summary>
    public const int MaxBytes = 900_000;

    // The text is sent as a request body and never embedded in HTML. Escapes would make non-Latin text six times as long.
    private static readonly JsonWriterOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Number of lines.</summary>
    public int Count { get; private set; }

    /// <summary>Size of the body in bytes.</summary>
    public int Length => _body.WrittenCount;

    /// <summary>The NDJSON body.</summary>
    internal ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>Makes it safe to send this batch again.</summary>
    internal string IdempotencyKey { get; } = Guid.CreateVersion7().ToString("D");

    /// <summary>
    /// Adds a card's text as the next line. Returns false if the batch is full; add the text to a new batch then. The first line is
    /// accepted whatever its size: the server decides.
    /// </summary>
    public bool TryAdd(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Count == MaxLines || (Count > 0 && Length + (long)text.Length > MaxBytes))
        {
            return false;
        }

        var line = Encode(text);
        if (Count > 0 && Length + line.Length > MaxBytes)
        {
            return false;
        }

        _body.Write(line.Span);
        Count++;
        return true;
    }

    private static ReadOnlyMemory<byte> Encode(string text)
    {
        var line = new ArrayBufferWriter<byte>(text.Length + 16);
        using (var writer = new Utf8JsonWriter(line, _relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }
}
