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

    /// <summary>The op of this name.</summary>
    /// <exception cref="ProblemException">422 <c>atom.op_unknown</c>.</exception>
    public IAtomOp Get(string name) =>
        _byName.GetValueOrDefault(name) ?? throw new ProblemException(Problem.Invalid("atom.op_unknown", "op_type", DescribeUnknown(name)));

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
            throw AtomErrors.UnreadableAsset(string.Create(
                CultureInfo.InvariantCulture, $"The asset has {sizeBytes} bytes. {op.Name} reads up to {op.MaxBytes} bytes."));
        }

        var type = contentType.Split(';')[0].Trim();
        if (!type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
            && !op.ContentTypes.Any(accepted => Matches(accepted, type)))
        {
            throw AtomErrors.UnreadableAsset($"The asset has content type {type}. {op.Name} reads {string.Join(", ", op.ContentTypes)}.");
        }
    }

    private static bool Matches(string accepted, string type) => accepted.EndsWith("/*", StringComparison.Ordinal)
        ? accepted == "*/*" || type.StartsWith(accepted[..^1], StringComparison.OrdinalIgnoreCase)
        : accepted.Equals(type, StringComparison.OrdinalIgnoreCase);

    private string DescribeUnknown(string name)
    {
        var names = All.Select(op => op.Name).ToList();
        var given = name.Length is > 0 and <= 64 && !name.Any(char.IsControl) ? $"Unknown op `{name}`." : "Unknown op.";
        return Suggestions.Nearest(name, names) is { } nearest
            ? $"{given} Did you mean `{nearest}`? GET /nexus/atoms/ops lists them."
            : $"{given} Use one of: {string.Join(", ", names)}.";
    }
}
