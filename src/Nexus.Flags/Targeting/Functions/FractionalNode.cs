using System.Text;
using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>
/// flagd's <c>fractional</c>: the hash of a bucketing value falls into one of the weighted buckets. The value is the first operand if
/// that is a string, else the flag's key with the context's <c>targetingKey</c>. Anything wrong gives null.
/// </summary>
internal sealed class FractionalNode : Node
{
    private const string TargetingKeyName = "targetingKey";
    private const int MaxStackBytes = 512;

    private readonly Node[] _operands;
    private readonly Bucket[]? _known;
    private readonly int _firstKnown;

    public FractionalNode(Node[] operands)
        : base(operands)
    {
        _operands = operands;
        _firstKnown = operands is [ConstantNode { Value.IsList: true }, ..] ? 0 : 1;
        if (operands.Skip(_firstKnown).All(operand => operand is ConstantNode))
        {
            Value[] values = [.. operands.Skip(_firstKnown).Select(operand => ((ConstantNode)operand).Value)];
            _known = ReadBuckets(values, out _);
        }
    }

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var first = _operands.Length > 0 ? _operands[0].Evaluate(data, ref evaluation) : Value.Null;
        var targetingKey = first.IsText ? Value.Null : evaluation.Root.Members.Find(TargetingKeyName);
        if (!first.IsText && targetingKey is not { IsText: true, Text.Length: > 0 })
        {
            return Refuse("there is no string to bucket by: the context has no targetingKey", ref evaluation);
        }

        string? fault = null;
        var isKnown = _known is not null && (_firstKnown == 0 || !first.IsList);
        var buckets = isKnown ? _known : ReadBuckets(first, data, ref evaluation, out fault);
        if (buckets is null)
        {
            return Refuse(fault!, ref evaluation);
        }

        long total = 0;
        foreach (var bucket in buckets)
        {
            total += bucket.Weight;
        }

        var hash = first.IsText
            ? Hash(first.Text, "", ref evaluation)
            : Hash(evaluation.FlagKey, targetingKey.Text, ref evaluation);
        var left = (long)(((ulong)hash * (ulong)total) >> 32);
        foreach (var bucket in buckets)
        {
            left -= bucket.Weight;
            if (left < 0)
            {
                return bucket.Variant;
            }
        }

        return Refuse("no bucket has a weight", ref evaluation);
    }

    private Bucket[]? ReadBuckets(in Value first, in Value data, ref Evaluation evaluation, out string? fault)
    {
        var values = new List<Value>(_operands.Length);
        if (first.IsList)
        {
            values.Add(first);
        }

        foreach (var operand in _operands.AsSpan(1))
        {
            values.Add(operand.Evaluate(data, ref evaluation));
        }

        return ReadBuckets([.. values], out fault);
    }

    private static Bucket[]? ReadBuckets(Value[] values, out string? fault)
    {
        fault = null;
        var buckets = new Bucket[values.Length];
        long total = 0;
        for (var index = 0; index < values.Length; index++)
        {
            if (values[index] is not { IsList: true, Items: { Length: 1 or 2 } parts } || parts[0].Kind > ValueKind.Text)
            {
                fault = "a bucket is a list of a variant and a weight";
                return null;
            }

            var weight = parts.Length < 2 || parts[1].IsNull ? Value.From(1d) : parts[1];
            if (weight.Kind != ValueKind.Number || !double.IsInteger(weight.Number))
            {
                fault = "a weight is an integer";
                return null;
            }

            // Weights below zero come of computed rollouts and count as zero.
            buckets[index] = new Bucket(parts[0], (long)Math.Clamp(weight.Number, 0, FlagLimits.MaxWeight + 1L));
            total += buckets[index].Weight;
            if (total > FlagLimits.MaxWeight)
            {
                fault = $"the weights add up to more than {FlagLimits.MaxWeight}";
                return null;
            }
        }

        return buckets;
    }

    private static Value Refuse(string why, ref Evaluation evaluation)
    {
        evaluation.Trace?.Remark(why);
        return Value.Null;
    }

    private static uint Hash(string head, string tail, ref Evaluation evaluation)
    {
        evaluation.SpendText(head.Length + tail.Length);
        var maxLength = Encoding.UTF8.GetMaxByteCount(head.Length + tail.Length);
        Span<byte> bytes = maxLength <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[maxLength];
        var length = Encoding.UTF8.GetBytes(head, bytes);
        length += Encoding.UTF8.GetBytes(tail, bytes[length..]);
        return Murmur3.Hash(bytes[..length]);
    }

    private readonly record struct Bucket(Value Variant, long Weight);
}
