using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>The event that records which contents were erased. It comes after them in the same log.</summary>
internal static class ErasureReceipt
{
    /// <summary>The event type of a receipt.</summary>
    public const string EventType = "content_erased";

    /// <summary>
    /// Parses <c>input.seqs</c> of a receipt's content: inclusive ranges of sequence numbers, all before the receipt's own.
    /// </summary>
    /// <exception cref="FormatException">The list is missing or contains an invalid range.</exception>
    public static IReadOnlyList<(long From, long To)> Ranges(byte[] content, long own)
    {
        using var document = CanonicalText.Parse(content, "content");
        if (CanonicalText.Input(document, "seqs") is not { ValueKind: JsonValueKind.Array } seqs)
        {
            throw Malformed();
        }

        return [.. seqs.EnumerateArray().Select(range =>
            range.ValueKind == JsonValueKind.Array && range.GetArrayLength() == 2
            && CanonicalText.Number(range[0]) is { } from && CanonicalText.Number(range[1]) is { } to && from <= to && to < own
                ? (from, to)
                : throw Malformed())];
    }

    private static FormatException Malformed() => new("The receipt does not list ranges of earlier events.");
}
