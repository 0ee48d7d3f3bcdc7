using System.Text.Json.Serialization;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Serializes lists of strings to JSON, for statements that take a list of any length.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TextListJson : JsonSerializerContext;
