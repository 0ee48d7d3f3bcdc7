using System.Text.Json.Serialization;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Lists of texts as JSON, the form in which a statement takes a list of any length.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class TextListJson : JsonSerializerContext;
