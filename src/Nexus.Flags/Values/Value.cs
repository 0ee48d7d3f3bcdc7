using System.Runtime.CompilerServices;

namespace Nexus.Flags.Values;

/// <summary>A JavaScript value. Booleans and numbers live in the struct itself, so that evaluating them allocates nothing.</summary>
internal readonly struct Value
{
    private readonly object? _reference;

    private Value(ValueKind kind, double number, object? reference) => (Kind, Number, _reference) = (kind, number, reference);

    public static Value Undefined => default;

    public static Value Null => new(ValueKind.Null, 0, null);

    public static Value True => new(ValueKind.Boolean, 1, null);

    public static Value False => new(ValueKind.Boolean, 0, null);

    public ValueKind Kind { get; }

    /// <summary>Of a number its value, of a boolean 1 or 0.</summary>
    public double Number { get; }

    public string Text => Unsafe.As<string>(_reference!);

    public Value[] Items => Unsafe.As<Value[]>(_reference!);

    public Members Members => Unsafe.As<Members>(_reference!);

    /// <summary>What makes an array or object itself and not its equal.</summary>
    public object? Identity => _reference;

    public bool IsNullish => Kind <= ValueKind.Null;

    public bool IsArray => Kind == ValueKind.Array;

    public bool IsString => Kind == ValueKind.String;

    public bool IsStringOrNull => Kind is ValueKind.String or ValueKind.Null;

    /// <summary>What JavaScript's <c>typeof</c> calls an object, null excepted.</summary>
    public bool IsObjectOrArray => Kind >= ValueKind.Array;

    public static Value Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    public static Value Of(double value) => new(ValueKind.Number, value, null);

    public static Value Of(string value) => new(ValueKind.String, 0, value);

    public static Value Of(Value[] items) => new(ValueKind.Array, 0, items);

    /// <summary>A list of its own: in JavaScript no empty list is another, and strict comparison tells.</summary>
    public static Value OfList(List<Value> items)
    {
        var copy = new Value[items.Count];
        items.CopyTo(copy);
        return Of(copy);
    }

    public static Value Of(Members members) => new(ValueKind.Object, 0, members);
}
