using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>The event that says whose contents were erased. It stands in the same log, behind them.</summary>
internal static class ErasureReceipt
{
    /// <summary>The type of such an event.</summary>
    public const string EventType = "content_erased";

    /// <summary>Reads <c>input.seqs</c> of a receipt's content: ranges of places, both ends included, all before the receipt's own.</summary>
    /// <exception cref="FormatException">It lists nothing, or what cannot be.</exception>
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
