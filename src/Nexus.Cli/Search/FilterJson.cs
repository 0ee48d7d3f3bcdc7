using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Cli.Search;

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class FilterJson : JsonSerializerContext;
