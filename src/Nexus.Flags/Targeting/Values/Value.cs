using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nexus.Flags.Targeting.Values;

/// <summary>A JSON value. Booleans and numbers live in the struct itself, so that working on them allocates nothing.</summary>
internal readonly struct Value
{
    private readonly object? _reference;

    private Value(ValueKind kind, double number, object? reference) => (Kind, Number, _reference) = (kind, number, reference);

    public static Value Null => default;

    public ValueKind Kind { get; }

    /// <summary>The value of a number; 1 or 0 for a boolean.</summary>
    public double Number { get; }

    public string Text => Unsafe.As<string>(_reference!);

    public Value[] Items => Unsafe.As<Value[]>(_reference!);

    public MemberMap Members => Unsafe.As<MemberMap>(_reference!);

    public bool IsNull => Kind == ValueKind.Null;

    public bool IsText => Kind == ValueKind.Text;

    public bool IsList => Kind == ValueKind.List;

    public static Value From(bool value) => new(ValueKind.Boolean, value ? 1 : 0, null);

    public static Value From(double value) => new(ValueKind.Number, value, null);

    public static Value From(string value) => new(ValueKind.Text, 0, value);

    public static Value From(Value[] items) => new(ValueKind.List, 0, items);

    public static Value From(MemberMap members) => new(ValueKind.Object, 0, members);

    /// <summary>Reads JSON. If a name occurs twice in an object, the last one counts.</summary>
    /// <exception cref="InvalidOperationException">A string holds half a surrogate pair.</exception>
    public static Value Parse(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => From(MemberMap.Parse(element)),
        JsonValueKind.Array => From([.. element.EnumerateArray().Select(Parse)]),
        JsonValueKind.String => From(element.GetString()!),
        JsonValueKind.Number => From(element.GetDouble()),
        JsonValueKind.True => From(true),
        JsonValueKind.False => From(false),
        _ => Null,
    };

    /// <summary>Whether both are the same list or object, not merely equal ones.</summary>
    public bool IsSameReference(in Value other) => ReferenceEquals(_reference, other._reference);
}

internal enum ValueKind : byte
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}
