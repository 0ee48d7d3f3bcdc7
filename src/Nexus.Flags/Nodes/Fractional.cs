using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>flagd's <c>fractional</c>: a hash falls into one of the weighted buckets. Whatever is wrong with it makes null.</summary>
internal static class Fractional
{
    private const int ShortKey = 256;

    /// <summary>The function over all operands.</summary>
    public static Value Call(ref Frame frame, scoped Arguments arguments)
    {
        FlagdFunctions.CheckScope(ref frame);
        return arguments.Count == 0 ? Refuse(ref frame, "there is no bucket") : Choose(ref frame, arguments[0], arguments.Items[1..]);
    }

    /// <summary>The variant of a bucket.</summary>
    /// <param name="frame">Where it is evaluated.</param>
    /// <param name="first">What to bucket by when it is a text, else the first bucket.</param>
    /// <param name="rest">The other buckets.</param>
    public static Value Choose(ref Frame frame, Value first, scoped ReadOnlySpan<Value> rest)
    {
        FlagdFunctions.CheckScope(ref frame);
        var head = first.IsString ? default : new ReadOnlySpan<Value>(in first);
        var targetingKey = first.IsString ? Value.Undefined : frame.Context.Members.Get("targetingKey", ref frame.Run);
        if (!first.IsString && !Js.ToBoolean(targetingKey))
        {
            return Refuse(ref frame, "the context has no targetingKey");
        }

        double total = 0;
        if (!Add(head, ref total) || !Add(rest, ref total))
        {
            return Refuse(ref frame, "a bucket is a list of a variant and a whole weight");
        }

        if (total > FlagLimits.Weight)
        {
            return Refuse(ref frame, "the weights add up to more than 2147483647");
        }

        var hash = first.IsString ? Hash(first.Text, "", ref frame.Run) : Hash(frame.Run.FlagKey, Js.ToText(targetingKey, ref frame.Run), ref frame.Run);
        var left = (long)(((ulong)hash * (ulong)total) >> 32);
        return Walk(head, ref left, out var variant) || Walk(rest, ref left, out variant) ? variant : Value.Null;
    }

    private static Value Refuse(ref Frame frame, string why)
    {
        frame.Run.Trace?.Remark(why);
        return Value.Null;
    }

    private static bool Add(scoped ReadOnlySpan<Value> buckets, ref double total)
    {
        foreach (var bucket in buckets)
        {
            if (!bucket.IsArray || bucket.Items is not { Length: 1 or 2 } parts || parts[0].IsObjectOrArray)
            {
                return false;
            }

            if (parts.Length == 2 && (parts[1].Kind != ValueKind.Number || !double.IsInteger(parts[1].Number)))
            {
                return false;
            }

            total += Weight(parts);
        }

        return true;
    }

    private static bool Walk(scoped ReadOnlySpan<Value> buckets, ref long left, out Value variant)
    {
        foreach (var bucket in buckets)
        {
            left -= (long)Weight(bucket.Items);
            if (left < 0)
            {
                variant = bucket.Items[0];
                return true;
            }
        }

        variant = Value.Null;
        return false;
    }

    // A weight below zero can come of a computed rollout and counts as none.
    private static double Weight(Value[] bucket) => bucket.Length == 2 ? Math.Max(0, bucket[1].Number) : 1;

    private static uint Hash(string head, string tail, ref Run run)
    {
        var length = head.Length + tail.Length;
        run.SpendText(length);
        if (tail.Length == 0 || length > ShortKey)
        {
            return Murmur.Hash(tail.Length == 0 ? head : string.Concat(head, tail));
        }

        Span<char> text = stackalloc char[length];
        head.CopyTo(text);
        tail.CopyTo(text[head.Length..]);
        return Murmur.Hash(text);
    }
}
