using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.FeatureFlags;

/// <summary>Bodies in flagd's shape, whose members are its own and not the contract's records.</summary>
internal static class FlagRequestBody
{
    /// <summary>A definition or evaluators, without the context that every body may name.</summary>
    /// <exception cref="ProblemException">415, 400 or 422.</exception>
    public static JsonElement Read(HttpRequest request)
    {
        var sent = JsonObject.Create(ReadJson(request))!;
        sent.Remove("tenant_id");
        sent.Remove("env");
        return JsonSerializer.SerializeToElement(sent, Client.WireJson.Default.JsonObject);
    }

    /// <summary>A flagd file: <c>flags</c>, and <c>$evaluators</c> where it has some.</summary>
    /// <exception cref="ProblemException">415, 400 or 422.</exception>
    public static IReadOnlyList<(string Key, string? Definition)> ReadFile(HttpRequest request)
    {
        var file = ReadJson(request);
        var changes = new List<(string Key, string? Definition)>();
        foreach (var member in file.EnumerateObject())
        {
            switch (member.Name)
            {
                case "flags" when member.Value.ValueKind == JsonValueKind.Object:
                    if (member.Value.TryGetProperty(FlagStore.EvaluatorsKey, out _))
                    {
                        throw new ProblemException(
                            Problem.Invalid(
                                "flags", $"must not contain {FlagStore.EvaluatorsKey}: it belongs next to flags, at the top of the file."));
                    }

                    changes.AddRange(
                        member.Value.EnumerateObject().Select(flag => (flag.Name, (string?)FlagRow.ToCanonicalJson(flag.Value))));
                    break;
                case FlagStore.EvaluatorsKey when member.Value.ValueKind == JsonValueKind.Object:
                    changes.Add((FlagStore.EvaluatorsKey, FlagRow.ToCanonicalJson(member.Value)));
                    break;
                case "$schema" or "metadata" or "tenant_id" or "env":
                    break;
                case "flags" or FlagStore.EvaluatorsKey:
                    throw new ProblemException(Problem.Invalid(member.Name, "must be a JSON object."));
                default:
                    throw new ProblemException(Problem.Invalid(
                        ProblemCodes.BodyInvalid, [FieldError.Unknown(
                            Suggestions.Quote(member.Name)[1..^1], member.Name, ["flags", FlagStore.EvaluatorsKey, "metadata"])]));
            }
        }

        return changes.Count == 0 ? throw new ProblemException(Problem.Invalid("flags", "must contain at least one flag.")) : changes;
    }

    /// <summary>An object of these members.</summary>
    public static JsonElement ToJsonObject(IReadOnlyDictionary<string, JsonElement> members) => JsonSerializer.SerializeToElement(
        new JsonObject(
            members.OrderBy(member => member.Key, StringComparer.Ordinal)
                .Select(member => KeyValuePair.Create(member.Key, JsonNode.Parse(member.Value.GetRawText())))),
        Client.WireJson.Default.JsonObject);

    private static JsonElement ReadJson(HttpRequest request) =>
        RequestBody.RequireJson(request.HttpContext) is { ValueKind: JsonValueKind.Object } json
            ? json
            : throw new ProblemException(RequestBody.NotAnObject);
}
