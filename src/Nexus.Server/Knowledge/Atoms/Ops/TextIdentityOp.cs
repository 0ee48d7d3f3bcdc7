using System.Text.Json.Nodes;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The whole text, decoded and normalized.</summary>
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

/// <summary>What the plain-text ops read.</summary>
internal static class TextContentTypes
{
    /// <summary>Maximum size of a text in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>The content types of text.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "text/*", "application/json", "application/xml", "application/yaml", "application/x-ndjson",
    ];
}
