using System.Globalization;
using System.Text;

namespace Nexus.Merkle;

/// <summary>
/// A proof file (C2SP tlog-proof, v1): index, hashes and signed checkpoint of one entry. Together with the entry and the log's
/// public key it can be verified offline at any time.
/// </summary>
public sealed class ProofFile
{
    private const string Header = "c2sp.org/tlog-proof@v1\n";
    private const string ExtraMark = "extra ";
    private const string IndexMark = "index ";

    /// <summary>Creates a proof file.</summary>
    /// <exception cref="FormatException">The note is not a checkpoint, or its size differs from the proof's.</exception>
    public ProofFile(InclusionProof proof, SignedNote checkpoint, ReadOnlyMemory<byte>? extra = null)
    {
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (Checkpoint.Parse(checkpoint.Text).Size != proof.Size)
        {
            throw new FormatException("The proof and its checkpoint have different sizes.");
        }

        (Proof, SignedCheckpoint, Extra) = (proof, checkpoint, extra);
    }

    /// <summary>The inclusion proof.</summary>
    public InclusionProof Proof { get; }

    /// <summary>The checkpoint the proof leads to, with all its signatures.</summary>
    public SignedNote SignedCheckpoint { get; }

    /// <summary>Extra data added by the creator of the file. It is not authenticated.</summary>
    public ReadOnlyMemory<byte>? Extra { get; }

    /// <summary>Returns whether the text starts like a proof file of any version.</summary>
    public static bool IsOne(ReadOnlySpan<byte> text) => text.StartsWith("c2sp.org/tlog-proof@"u8);

    /// <summary>Parses a proof file.</summary>
    /// <exception cref="FormatException">The text is not a well-formed proof file.</exception>
    public static ProofFile Parse(ReadOnlySpan<byte> file) => Parse(StrictText.FromUtf8(file));

    /// <summary>Parses a proof file.</summary>
    /// <exception cref="FormatException">The text is not a well-formed proof file.</exception>
    public static ProofFile Parse(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var blank = file.IndexOf("\n\n", StringComparison.Ordinal);
        if (!file.StartsWith(Header, StringComparison.Ordinal) || blank < Header.Length)
        {
            throw Malformed();
        }

        var lines = file[Header.Length..blank].Split('\n');
        ReadOnlyMemory<byte>? extra = null;
        var at = 0;
        if (lines[0].StartsWith(ExtraMark, StringComparison.Ordinal))
        {
            extra = StrictText.TryBase64(lines[at++][ExtraMark.Length..], out var bytes) ? bytes : throw Malformed();
        }

        if (at == lines.Length
            || !lines[at].StartsWith(IndexMark, StringComparison.Ordinal)
            || !StrictText.TryNumber(lines[at][IndexMark.Length..], out var index))
        {
            throw Malformed();
        }

        var hashes = Array.ConvertAll(lines[(at + 1)..], line => StrictText.TryHash(line, out var hash) ? hash : throw Malformed());
        var note = SignedNote.Parse(file[(blank + 2)..]);
        return new ProofFile(new InclusionProof(index, Checkpoint.Parse(note.Text).Size, hashes), note, extra);
    }

    /// <summary>
    /// Verifies that one of the keys signed the checkpoint and that the log contained the entry at the file's index. Returns the
    /// checkpoint.
    /// </summary>
    /// <exception cref="VerificationException">The signature or the proof is invalid.</exception>
    public Checkpoint Verify(ReadOnlySpan<byte> entry, IReadOnlyCollection<LogKey> keys)
    {
        var checkpoint = Checkpoint.Open(SignedCheckpoint, keys);
        return Proof.Verify(TreeHash.Leaf(entry), checkpoint.Root)
            ? checkpoint
            : throw new VerificationException($"The log did not hold this entry at {Proof.Index}.");
    }

    /// <summary>Returns the file's text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header);
        if (Extra is { } extra)
        {
            text.Append(ExtraMark).Append(Convert.ToBase64String(extra.Span)).Append('\n');
        }

        text.Append(IndexMark).Append(CultureInfo.InvariantCulture, $"{Proof.Index}\n");
        foreach (var hash in Proof.Hashes)
        {
            text.Append(Convert.ToBase64String(hash)).Append('\n');
        }

        return text.Append('\n').Append(SignedCheckpoint).ToString();
    }

    private static FormatException Malformed() => new("A proof file has its header, an index, hashes, a blank line and a checkpoint.");
}
