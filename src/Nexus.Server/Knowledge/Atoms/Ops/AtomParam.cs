using System.Text.Json.Nodes;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>A param of an op: its kind, its default and what it may be.</summary>
internal sealed record AtomParam
{
    private AtomParam(string name, string kind, JsonValue value, string description) => (Name, Kind, Default, Description) = (name, kind, value, description);

    /// <summary>Its name on the wire.</summary>
    public string Name { get; }

    /// <summary><c>integer</c>, <c>boolean</c> or <c>string</c>.</summary>
    public string Kind { get; }

    /// <summary>What it is where nobody says.</summary>
    public JsonValue Default { get; }

    /// <summary>One sentence for people.</summary>
    public string Description { get; }

    /// <summary>Least and most of an integer; most is the longest of a string.</summary>
    public int? Minimum { get; private init; }

    /// <inheritdoc cref="Minimum" />
    public int? Maximum { get; private init; }

    /// <summary>What a string may be; empty: anything up to <see cref="Maximum"/> characters.</summary>
    public IReadOnlyList<string> Values { get; private init; } = [];

    /// <summary>A whole number.</summary>
    public static AtomParam Integer(string name, int value, int minimum, int maximum, string description) =>
        new(name, "integer", JsonValue.Create(value), description) { Minimum = minimum, Maximum = maximum };

    /// <summary>True or false.</summary>
    public static AtomParam Boolean(string name, bool value, string description) => new(name, "boolean", JsonValue.Create(value), description);

    /// <summary>One of a few words.</summary>
    public static AtomParam OneOf(string name, string value, string[] values, string description) => new(name, "string", JsonValue.Create(value), description) { Values = values };

    /// <summary>A text.</summary>
    public static AtomParam Text(string name, string value, int longest, string description) => new(name, "string", JsonValue.Create(value), description) { Maximum = longest };
}
