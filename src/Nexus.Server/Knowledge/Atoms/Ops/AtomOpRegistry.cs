using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The ops there are, by name.</summary>
internal sealed class AtomOpRegistry(IEnumerable<IAtomOp> ops)
{
    private readonly Dictionary<string, IAtomOp> _byName = ops.ToDictionary(op => op.Name, StringComparer.Ordinal);

    /// <summary>All of them, in the order of their names.</summary>
    public IReadOnlyList<IAtomOp> All { get; } = [.. ops.OrderBy(op => op.Name, StringComparer.Ordinal)];

    /// <summary>The ops that ship.</summary>
    public static AtomOpRegistry BuiltIn { get; } =
        new([new IdentityOp(), new TextIdentityOp(), new TextSplitOp(), new MarkdownSectionsOp(), new HtmlTextOp(), new DocxTextOp(), new JsonRecordsOp(), new CsvRowsOp()]);

    /// <summary>The op of this name.</summary>
    /// <exception cref="ProblemException">422 <c>atom.op_unknown</c>.</exception>
    public IAtomOp Get(string name) =>
        _byName.GetValueOrDefault(name) ?? throw new ProblemException(Problem.Invalid("atom.op_unknown", "op_type", "must be one of: " + string.Join(", ", All.Select(op => op.Name)) + "."));

    /// <summary>Refuses an asset that an op is not made for.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c>.</exception>
    public static void ValidateAsset(IAtomOp op, string contentType, long sizeBytes)
    {
        if (op.MaxBytes == 0)
        {
            return;
        }

        if (sizeBytes > op.MaxBytes)
        {
            throw AtomErrors.UnreadableAsset(string.Create(CultureInfo.InvariantCulture, $"{op.Name} reads assets up to {op.MaxBytes} bytes."));
        }

        var type = contentType.Split(';')[0].Trim();
        if (!type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase) && !op.ContentTypes.Any(accepted => Matches(accepted, type)))
        {
            throw AtomErrors.UnreadableAsset($"{op.Name} reads {string.Join(", ", op.ContentTypes)}, and the asset says it is something else.");
        }
    }

    private static bool Matches(string accepted, string type) =>
        accepted.EndsWith("/*", StringComparison.Ordinal) ? accepted == "*/*" || type.StartsWith(accepted[..^1], StringComparison.OrdinalIgnoreCase) : accepted.Equals(type, StringComparison.OrdinalIgnoreCase);
}
