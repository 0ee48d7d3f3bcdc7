using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Client;

/// <summary>
/// The lines of one <c>POST /nexus/cards/batch</c>, encoded as they are added, so that a batch knows its size on the wire.
/// Not for two threads at once.
/// </summary>
public sealed class CardBatchBody
{
    /// <summary>The most lines the server takes at once.</summary>
    public const int MaxLines = 1_000;

    /// <summary>The most bytes put into one batch, below the 1 MiB that a server accepts by default.</summary>
    public const int MaxBytes = 900_000;

    // Relaxed: the text goes into a request body, never into a page, and escapes would make other alphabets six times as long.
    private static readonly JsonWriterOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Lines added so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the body so far.</summary>
    public int Length => _body.WrittenCount;

    /// <summary>The NDJSON body.</summary>
    internal ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>Repeating the upload of this same batch with this key does nothing twice.</summary>
    internal string IdempotencyKey { get; } = Guid.CreateVersion7().ToString("D");

    /// <summary>
    /// Adds a card's text as the next line, or answers false where the batch is full; then the text belongs into a new one.
    /// The first line is taken whatever its size, for the server to judge.
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
