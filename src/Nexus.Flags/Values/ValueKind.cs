namespace Nexus.Flags.Values;

/// <summary>The kinds of JavaScript value a targeting works on.</summary>
internal enum ValueKind : byte
{
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
