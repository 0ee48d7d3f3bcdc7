using System.Text.Json.Nodes;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>A text as it is, decoded and normalised.</summary>
internal sealed class TextIdentityOp : IAtomOp
{
    /// <inheritdoc />
    public string Name => "text_identity";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The whole text, decoded, in normalisation form C and with line feeds as line ends.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => TextContentTypes.All;

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params => [TextDecoding.CharsetParam];

    /// <inheritdoc />
    public int MaxBytes => TextContentTypes.MaxBytes;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken)
    {
        var (text, charset) = TextDecoding.Decode(input);
        return new OpResult { Content = TextNormalizer.Normalize(text), Metadata = new JsonObject { ["charset"] = charset } };
    }
}

/// <summary>What the ops on plain text read.</summary>
internal static class TextContentTypes
{
    /// <summary>The largest text, in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Content types that are text.</summary>
    public static IReadOnlyList<string> All { get; } = ["text/*", "application/json", "application/xml", "application/yaml", "application/x-ndjson"];
}
