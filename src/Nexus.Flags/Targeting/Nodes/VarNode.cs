using System.Globalization;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Nodes;

/// <summary><c>var</c>: a value from the data by its path, or a default if there is nothing or null.</summary>
internal sealed class VarNode : Node
{
    private readonly string[]? _path;
    private readonly Node? _key;
    private readonly Node? _default;

    public VarNode(Node[] operands)
        : base(operands)
    {
        _default = operands.Length > 1 ? operands[1] : null;
        switch (operands)
        {
            case []:
                _path = [];
                break;
            case [ConstantNode key, ..]:
                _path = Split(key.Value);
                break;
            default:
                _key = operands[0];
                break;
        }
    }

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var value = _path is not null
            ? Find(data, _path, ref evaluation)
            : Find(data, _key!.Evaluate(data, ref evaluation), ref evaluation);
        return value.IsNull && _default is not null ? _default.Evaluate(data, ref evaluation) : value;
    }

    /// <summary>What a path leads to, null where it leads nowhere. Dots separate names; a number is the index of a list.</summary>
    public static Value Find(in Value data, in Value key, ref Evaluation evaluation)
    {
        if (!key.IsText || key.Text.Length == 0)
        {
            return Find(data, Split(key), ref evaluation);
        }

        evaluation.SpendText(key.Text.Length);
        return key.Text.Contains('.', StringComparison.Ordinal)
            ? Find(data, Split(key), ref evaluation)
            : Find(data, [key.Text], ref evaluation);
    }

    private static string[] Split(in Value key) => key.Kind switch
    {
        ValueKind.Text when key.Text.Length > 0 => key.Text.Split('.'),
        ValueKind.Number => [NumberText.Format(key.Number)],
        _ => [],
    };

    // $flagd hides a member of that name in the context.
    private static Value Find(in Value data, ReadOnlySpan<string> path, ref Evaluation evaluation)
    {
        if (path.Length > 0 && path[0] == Flagd.Name && data.IsSameReference(evaluation.Root))
        {
            return Flagd.Find(path[1..], ref evaluation);
        }

        var value = data;
        foreach (var name in path)
        {
            value = value.Kind switch
            {
                ValueKind.Object => value.Members.Find(name),
                ValueKind.List => Item(value.Items, name),
                _ => Value.Null,
            };
        }

        return value;
    }

    private static Value Item(Value[] items, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Length
            ? items[index]
            : Value.Null;

    /// <summary>What flagd adds to a context: the flag's key and the time.</summary>
    private static class Flagd
    {
        public const string Name = "$flagd";

        private static readonly string[] _names = ["flagKey", "timestamp"];

        public static Value Find(ReadOnlySpan<string> path, ref Evaluation evaluation) => path switch
        {
            [] => Value.From(new MemberMap(_names, [Value.From(evaluation.FlagKey), Value.From(evaluation.ReadTimestamp())])),
            ["flagKey"] => Value.From(evaluation.FlagKey),
            ["timestamp"] => Value.From(evaluation.ReadTimestamp()),
            _ => Value.Null,
        };
    }
}
