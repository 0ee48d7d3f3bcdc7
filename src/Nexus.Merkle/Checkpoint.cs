using System.Globalization;

namespace Nexus.Merkle;

/// <summary>A checkpoint of a log (C2SP tlog-checkpoint, v1): the log's origin, its size and its root hash at one moment.</summary>
public sealed record Checkpoint
{
    private readonly byte[] _root;

    /// <summary>Creates a checkpoint.</summary>
    /// <exception cref="FormatException">
    /// The origin is not a valid key name, the size is negative, or the root is not valid for that size.
    /// </exception>
    public Checkpoint(string origin, long size, ReadOnlySpan<byte> root)
    {
        if (!NoteSignature.IsName(origin))
        {
            throw new FormatException("An origin is not empty and holds no white space, plus sign or control character.");
        }

        if (size < 0 || root.Length != TreeHash.Size || (size == 0 && !root.SequenceEqual(TreeHash.Empty)))
        {
            throw new FormatException("A size is not negative, and a root is a hash; that of the empty tree is known.");
        }

        (Origin, Size, _root) = (origin, size, root.ToArray());
    }

    /// <summary>The name of the log and of its key: <c>name/tenant/env/epoch</c>.</summary>
    public string Origin { get; }

    /// <summary>The number of entries in the log.</summary>
    public long Size { get; }

    /// <summary>The root hash of the tree of those entries.</summary>
    public ReadOnlySpan<byte> Root => _root;

    /// <summary>Parses a note's text: exactly the lines origin, size and root.</summary>
    /// <exception cref="FormatException">The text is not a checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n') is [var origin, var size, var root, ""]
            && StrictText.TryNumber(size, out var count)
            && StrictText.TryHash(root, out var hash)
            ? new Checkpoint(origin, count, hash)
            : throw new FormatException("A checkpoint has the lines origin, size and root, and no others.");
    }

    /// <summary>Parses a checkpoint and verifies that at least one of the keys signed it under the checkpoint's own origin.</summary>
    /// <exception cref="FormatException">The note's text is not a checkpoint.</exception>
    /// <exception cref="VerificationException">None of the keys signed it, or a signature is invalid.</exception>
    public static Checkpoint Open(SignedNote note, IReadOnlyCollection<LogKey> keys)
    {
        ArgumentNullException.ThrowIfNull(note);
        var checkpoint = Parse(note.Text);
        return note.SignedBy(checkpoint.Origin, keys).Count > 0
            ? checkpoint
            : throw new VerificationException(
                $"The checkpoint of {checkpoint.Origin} is signed by none of the keys {Ids(keys.Select(key => key.Id))}; the signatures "
                + $"under its name say {Ids(note.Signatures.Where(signature => signature.Name == checkpoint.Origin).Select(signature => signature.KeyId))}.");
    }

    /// <summary>Returns whether the origin names the log of that tenant and env, in any epoch.</summary>
    public bool IsOf(string tenant, string env) =>
        Origin.Split('/') is [_, .., var t, var e, _]
            && string.Equals(t, tenant, StringComparison.Ordinal)
            && string.Equals(e, env, StringComparison.Ordinal);

    /// <summary>Returns whether both checkpoints belong to the same log. The origins may differ in their epoch.</summary>
    public bool IsSameLog(Checkpoint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return WithoutEpoch.SequenceEqual(other.WithoutEpoch);
    }

    /// <summary>Signs the checkpoint with each of the keys. During a key rotation there are two.</summary>
    public SignedNote Sign(params IEnumerable<LogKey> keys) => SignedNote.Sign(ToString(), Origin, keys);

    private ReadOnlySpan<char> WithoutEpoch => Origin.AsSpan(0, Math.Max(0, Origin.LastIndexOf('/')));

    private static string Ids(IEnumerable<uint> ids) =>
        string.Join(", ", ids.Select(id => id.ToString("x8", CultureInfo.InvariantCulture)).DefaultIfEmpty("(none)"));

    /// <summary>Returns whether origin, size and root are equal.</summary>
    public bool Equals(Checkpoint? other) =>
        other is not null
            && Size == other.Size
            && string.Equals(Origin, other.Origin, StringComparison.Ordinal)
            && Root.SequenceEqual(other.Root);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Origin, Size);

    /// <summary>Returns the text that is signed.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(_root)}\n");
}
