using System.Text;

namespace Nexus.Merkle;

/// <summary>
/// A signed text (C2SP signed-note, v1). Parsing is strict, so a note has exactly one representation. Signatures by unknown keys
/// are preserved and ignored.
/// </summary>
public sealed class SignedNote
{
    /// <summary>The maximum size of a note that can be parsed. The unit is bytes, or characters for a string.</summary>
    public const int MaxSize = 1_000_000;

    /// <summary>The maximum number of signatures.</summary>
    public const int MaxSignatures = 100;

    /// <summary>Creates a note.</summary>
    /// <exception cref="FormatException">
    /// The text is not valid in a note, or the number of signatures is not between 1 and <see cref="MaxSignatures"/>.
    /// </exception>
    public SignedNote(string text, IReadOnlyList<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        CheckText(text);
        if (signatures.Count is 0 or > MaxSignatures)
        {
            throw new FormatException($"A note has 1 to {MaxSignatures} signatures.");
        }

        (Text, Signatures) = (text, signatures);
    }

    /// <summary>The signed text, including its final newline.</summary>
    public string Text { get; }

    /// <summary>The signatures in file order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Signs a text with each of the keys, under one name.</summary>
    /// <exception cref="FormatException">The text or the name is not valid in a note.</exception>
    public static SignedNote Sign(string text, string name, params IEnumerable<LogKey> keys)
    {
        CheckText(text);
        var bytes = StrictText.Utf8.GetBytes(text);
        return new SignedNote(text, [.. keys.Select(key => new NoteSignature(name, key.Id, key.Sign(bytes)))]);
    }

    /// <summary>Parses a note.</summary>
    /// <exception cref="FormatException">The data is not a well-formed note.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> note) =>
        note.Length > MaxSize ? throw new FormatException("The note is too large.") : Parse(StrictText.FromUtf8(note));

    /// <summary>Parses a note.</summary>
    /// <exception cref="FormatException">The text is not a well-formed note.</exception>
    public static SignedNote Parse(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var blank = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (note.Length > MaxSize || blank < 0 || !note.EndsWith('\n') || blank + 2 == note.Length)
        {
            throw new FormatException("A note is a text, a blank line and signature lines, each ending in a newline.");
        }

        var lines = note[(blank + 2)..^1].Split('\n', MaxSignatures + 1);
        return new SignedNote(note[..(blank + 1)], [.. lines.Select(NoteSignature.Parse)]);
    }

    /// <summary>
    /// Returns which of these keys signed the note under this name. Signatures by other keys are ignored; those that name one of
    /// these keys must be valid.
    /// </summary>
    /// <exception cref="VerificationException">A signature names one of the keys but is not by it.</exception>
    public IReadOnlyList<LogKey> SignedBy(string name, IReadOnlyCollection<LogKey> keys)
    {
        var text = StrictText.Utf8.GetBytes(Text);
        var signers = new List<LogKey>();
        foreach (var signature in Signatures.Where(signature => string.Equals(signature.Name, name, StringComparison.Ordinal)))
        {
            var named = keys.Where(key => key.Id == signature.KeyId).ToList();
            var signer = named.Find(key => key.Verify(text, signature.Signature));
            if (signer is null && named.Count > 0)
            {
                throw new VerificationException($"The signature of key {signature.KeyId:x8} is not by that key.");
            }

            if (signer is not null)
            {
                signers.Add(signer);
            }
        }

        return signers;
    }

    /// <summary>Returns the note's text as served and stored.</summary>
    public override string ToString() =>
        Signatures.Aggregate(new StringBuilder(Text).Append('\n'), (note, signature) => note.Append(signature).Append('\n')).ToString();

    private static void CheckText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.EndsWith('\n') || text.Any(symbol => char.IsControl(symbol) && symbol != '\n'))
        {
            throw new FormatException("A note's text ends in a newline and holds no other control character.");
        }

        try
        {
            StrictText.Utf8.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("A note's text is well-formed Unicode.", e);
        }
    }
}
