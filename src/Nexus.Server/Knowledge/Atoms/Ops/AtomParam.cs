using System.Text.Json.Nodes;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>A parameter of an op: its kind, its default and the values it accepts.</summary>
internal sealed record AtomParam
{
    private AtomParam(string name, string kind, JsonValue value, string description) =>
        (Name, Kind, Default, Description) = (name, kind, value, description);

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary><c>integer</c>, <c>boolean</c> or <c>string</c>.</summary>
    public string Kind { get; }

    /// <summary>The value if the caller gives none.</summary>
    public JsonValue Default { get; }

    /// <summary>One sentence that describes it.</summary>
    public string Description { get; }

    /// <summary>The range of an integer. The maximum of a string is its length in characters.</summary>
    public int? Minimum { get; private init; }

    /// <inheritdoc cref="Minimum" />
    public int? Maximum { get; private init; }

    /// <summary>The accepted strings. Empty: any string of up to <see cref="Maximum"/> characters.</summary>
    public IReadOnlyList<string> Values { get; private init; } = [];

    /// <summary>An integer parameter.</summary>
    public static AtomParam Integer(string name, int value, int minimum, int maximum, string description) =>
        new(name, "integer", JsonValue.Create(value), description) { Minimum = minimum, Maximum = maximum };

    /// <summary>A boolean parameter.</summary>
    public static AtomParam Boolean(string name, bool value, string description) =>
        new(name, "boolean", JsonValue.Create(value), description);

    /// <summary>A string parameter with a fixed set of values.</summary>
    public static AtomParam OneOf(string name, string value, string[] values, string description) =>
        new(name, "string", JsonValue.Create(value), description) { Values = values };

    /// <summary>A string parameter with a maximum length.</summary>
    public static AtomParam Text(string name, string value, int maxLength, string description) =>
        new(name, "string", JsonValue.Create(value), description) { Maximum = maxLength };
}
