using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Cli.Search;

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(JsonElement[]))]
internal sealed partial class FilterJson : JsonSerializerContext;
