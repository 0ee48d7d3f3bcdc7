using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Derives atoms from an asset. An op is a pure function of bytes, content type and parameters. If its result for the same input
/// changes, it needs a new <see cref="Version"/>, since the ids of atoms depend on it.
/// </summary>
internal interface IAtomOp
{
    /// <summary>The name on the wire.</summary>
    string Name { get; }

    /// <summary>The version. An atom's id depends on it.</summary>
    string Version { get; }

    /// <summary>One sentence that describes it.</summary>
    string Description { get; }

    /// <summary>
    /// The content types it reads; <c>*</c> after a slash matches any. <c>application/octet-stream</c> is always accepted.
    /// </summary>
    IReadOnlyList<string> ContentTypes { get; }

    /// <summary>The parameters that a caller may set.</summary>
    IReadOnlyList<AtomParam> Params { get; }

    /// <summary>The largest asset it reads, in bytes; 0 for an op that does not read the asset.</summary>
    int MaxBytes { get; }

    /// <summary>Derives atoms.</summary>
    /// <exception cref="ProblemException">
    /// 422 <c>atom.unreadable</c> with a reason, or <c>atom.params</c> for parameters that contradict one another.
    /// </exception>
    OpResult Run(OpInput input, CancellationToken cancellationToken);
}

/// <summary>The input of an op.</summary>
/// <param name="Bytes">The asset's bytes; empty for an op that does not read them.</param>
/// <param name="ContentType">The asset's content type, as uploaded.</param>
/// <param name="Params">Valid parameters, including defaults.</param>
internal sealed record OpInput(ReadOnlyMemory<byte> Bytes, string ContentType, AtomParams Params);

/// <summary>The result of an op. An atom with children has no content of its own, so that no text is stored twice.</summary>
internal sealed class OpResult
{
    /// <summary>Maximum number of children of one atom.</summary>
    public const int MaxChildren = 20_000;

    /// <summary>The text; null if there are children or no text.</summary>
    public string? Content { get; init; }

    /// <summary>The parts, in order.</summary>
    public IReadOnlyList<OpChild> Children { get; init; } = [];

    /// <summary>Other facts, such as the charset.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Throws if an op produces too many parts.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c>.</exception>
    public static void EnsureChildLimit(int children)
    {
        if (children > MaxChildren)
        {
            throw AtomErrors.UnreadableAsset(
                string.Create(CultureInfo.InvariantCulture, $"The result would have more than {MaxChildren} parts."));
        }
    }
}

/// <summary>A part of an asset's text.</summary>
/// <param name="Content">The part.</param>
/// <param name="Start">Where it begins in the decoded text, in UTF-16 code units.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Metadata">Other facts, such as the row number.</param>
internal sealed record OpChild(string Content, int Start, int End, JsonObject? Metadata = null);

/// <summary>Errors of assets that an op cannot read.</summary>
internal static class AtomErrors
{
    /// <summary>422 <c>atom.unreadable</c>.</summary>
    public static ProblemException UnreadableAsset(string reason) => new(new Problem(ProblemCodes.AtomUnreadable, reason));
}
