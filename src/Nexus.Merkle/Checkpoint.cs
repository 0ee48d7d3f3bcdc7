using System.Globalization;

namespace Nexus.Merkle;

/// <summary>How a log stood at one moment (C2SP tlog-checkpoint, v1): which log, how many entries, which root.</summary>
public sealed record Checkpoint
{
    private readonly byte[] _root;

    /// <summary>A checkpoint.</summary>
    /// <exception cref="FormatException">The origin cannot be a key's name, the size is negative, or the root cannot be of that size.</exception>
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

    /// <summary>The log's name, which is the name of its key too: <c>name/tenant/env/epoch</c>.</summary>
    public string Origin { get; }

    /// <summary>How many entries the log had.</summary>
    public long Size { get; }

    /// <summary>The root of the tree of those entries.</summary>
    public ReadOnlySpan<byte> Root => _root;

    /// <summary>Reads a note's text: exactly the lines origin, size and root.</summary>
    /// <exception cref="FormatException">It is no checkpoint.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n') is [var origin, var size, var root, ""] && StrictText.TryNumber(size, out var count) && StrictText.TryHash(root, out var hash)
            ? new Checkpoint(origin, count, hash)
            : throw new FormatException("A checkpoint has the lines origin, size and root, and no others.");
    }

    /// <summary>Reads a checkpoint that one of the keys must have signed under the checkpoint's own origin.</summary>
    /// <exception cref="FormatException">The note's text is no checkpoint.</exception>
    /// <exception cref="VerificationException">No key signed it, or a signature is false.</exception>
    public static Checkpoint Open(SignedNote note, IReadOnlyCollection<LogKey> keys)
    {
        ArgumentNullException.ThrowIfNull(note);
        var checkpoint = Parse(note.Text);
        return note.SignedBy(checkpoint.Origin, keys).Count > 0
            ? checkpoint
            : throw new VerificationException($"The checkpoint of {checkpoint.Origin} is signed by none of the keys {Ids(keys.Select(key => key.Id))}; the signatures under its name say {Ids(note.Signatures.Where(signature => signature.Name == checkpoint.Origin).Select(signature => signature.KeyId))}.");
    }

    /// <summary>Whether the origin names the log of that tenant and env, in whichever epoch.</summary>
    public bool IsOf(string tenant, string env) => Origin.Split('/') is [_, .., var t, var e, _] && string.Equals(t, tenant, StringComparison.Ordinal) && string.Equals(e, env, StringComparison.Ordinal);

    /// <summary>Whether both are of one log: origins differ at most in their epoch.</summary>
    public bool IsSameLog(Checkpoint other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return WithoutEpoch.SequenceEqual(other.WithoutEpoch);
    }

    /// <summary>The checkpoint signed by each of the keys; two keys while one follows the other.</summary>
    public SignedNote Sign(params IEnumerable<LogKey> keys) => SignedNote.Sign(ToString(), Origin, keys);

    private ReadOnlySpan<char> WithoutEpoch => Origin.AsSpan(0, Math.Max(0, Origin.LastIndexOf('/')));

    private static string Ids(IEnumerable<uint> ids) => string.Join(", ", ids.Select(id => id.ToString("x8", CultureInfo.InvariantCulture)).DefaultIfEmpty("(none)"));

    /// <summary>Whether both say the same of the same log.</summary>
    public bool Equals(Checkpoint? other) =>
        other is not null && Size == other.Size && string.Equals(Origin, other.Origin, StringComparison.Ordinal) && Root.SequenceEqual(other.Root);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Origin, Size);

    /// <summary>The text that is signed.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(_root)}\n");
}
