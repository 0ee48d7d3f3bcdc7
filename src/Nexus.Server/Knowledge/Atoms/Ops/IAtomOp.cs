using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// One way to derive atoms from an asset. An op is a pure function of bytes, content type and params: a change of what it gives
/// for the same input needs a new <see cref="Version"/>, since atoms are named after it.
/// </summary>
internal interface IAtomOp
{
    /// <summary>Its name on the wire.</summary>
    string Name { get; }

    /// <summary>Part of what an atom is a function of.</summary>
    string Version { get; }

    /// <summary>One sentence for people.</summary>
    string Description { get; }

    /// <summary>What it reads; <c>*</c> after a slash stands for any. An asset whose type is unknown is always tried.</summary>
    IReadOnlyList<string> ContentTypes { get; }

    /// <summary>What a caller may set.</summary>
    IReadOnlyList<AtomParam> Params { get; }

    /// <summary>The largest asset it reads, in bytes; 0 for an op that needs no bytes.</summary>
    int MaxBytes { get; }

    /// <summary>Derives.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c> with a reason, or <c>atom.params</c> for params that contradict one another.</exception>
    OpResult Run(OpInput input, CancellationToken cancellationToken);
}

/// <summary>What an op works on.</summary>
/// <param name="Bytes">The asset's bytes; empty for an op that needs none.</param>
/// <param name="ContentType">As the asset says.</param>
/// <param name="Params">Checked, with defaults filled in.</param>
internal sealed record OpInput(ReadOnlyMemory<byte> Bytes, string ContentType, AtomParams Params);

/// <summary>What an op makes. An atom with children has no content of its own: its text is theirs and is not kept twice.</summary>
internal sealed class OpResult
{
    /// <summary>Most children of one atom.</summary>
    public const int MaxChildren = 20_000;

    /// <summary>The text, or null.</summary>
    public string? Content { get; init; }

    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<OpChild> Children { get; init; } = [];

    /// <summary>What else is known.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Stops an op that makes too many parts.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c>.</exception>
    public static void EnsureChildLimit(int children)
    {
        if (children > MaxChildren)
        {
            throw AtomErrors.UnreadableAsset(string.Create(CultureInfo.InvariantCulture, $"It would give more than {MaxChildren} parts."));
        }
    }
}

/// <summary>A part of an asset's text.</summary>
/// <param name="Content">The part.</param>
/// <param name="Start">Where it begins in the decoded text, in UTF-16 units.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Metadata">What else is known of it.</param>
internal sealed record OpChild(string Content, int Start, int End, JsonObject? Metadata = null);

/// <summary>Refusals of bytes that an op cannot read.</summary>
internal static class AtomErrors
{
    /// <summary>422 <c>atom.unreadable</c>.</summary>
    public static ProblemException UnreadableAsset(string reason) => new(new Problem(ProblemCodes.AtomUnreadable, reason));
}
