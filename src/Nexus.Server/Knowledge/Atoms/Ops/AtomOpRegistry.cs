using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The available ops by name.</summary>
internal sealed class AtomOpRegistry(IEnumerable<IAtomOp> ops)
{
    private readonly Dictionary<string, IAtomOp> _byName = ops.ToDictionary(op => op.Name, StringComparer.Ordinal);

    /// <summary>All ops, ordered by name.</summary>
    public IReadOnlyList<IAtomOp> All { get; } = [.. ops.OrderBy(op => op.Name, StringComparer.Ordinal)];

    /// <summary>The built-in ops.</summary>
    public static AtomOpRegistry BuiltIn { get; } = new(
    [
        new IdentityOp(), new TextIdentityOp(), new TextSplitOp(), new MarkdownSectionsOp(), new HtmlTextOp(), new DocxTextOp(),
        new JsonRecordsOp(), new CsvRowsOp(),
    ]);

    /// <summary>The op of this name, or null.</summary>
    public IAtomOp? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The refusal of a name that no op has.</summary>
    public Problem UnknownOp(string name) => Problem.Invalid(
        ProblemCodes.AtomOpUnknown, [FieldError.UnknownValue("op_type", "op", name, _byName.Keys, "GET /nexus/atoms/ops lists them.")]);

    /// <summary>Refuses an asset of a size or type that an op does not read.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c>.</exception>
    public static void ValidateAsset(IAtomOp op, string contentType, long sizeBytes)
    {
        if (op.MaxBytes == 0)
        {
            return;
        }

        if (sizeBytes > op.MaxBytes)
        {
            throw AtomErrors.UnreadableAsset(
                string.Create(
                    CultureInfo.InvariantCulture, $"{op.Name} reads assets of at most {op.MaxBytes} bytes; this asset has {sizeBytes}."));
        }

        var type = contentType.Split(';')[0].Trim();
        if (!type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            && !op.ContentTypes.Any(accepted => Matches(accepted, type)))
        {
            throw AtomErrors.UnreadableAsset($"{op.Name} reads {string.Join(", ", op.ContentTypes)}; this asset has another content type.");
        }
    }

    private static bool Matches(string accepted, string type) => accepted.EndsWith("/*", StringComparison.Ordinal)
        ? accepted == "*/*" || type.StartsWith(accepted[..^1], StringComparison.OrdinalIgnoreCase)
        : accepted.Equals(type, StringComparison.OrdinalIgnoreCase);
}
