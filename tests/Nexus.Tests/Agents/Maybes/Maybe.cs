using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Agents.Maybes;

/// <summary>Builds requests for items and reads their responses.</summary>
internal static class Maybe
{
    public const string Items = "/maybes/items";

    /// <summary>Returns a valid body with these members added or replaced.</summary>
    public static string Body(string? more = null)
    {
        var item = JsonNode.Parse("""{"space":"scratchpad","title":"one","body":"text"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more ?? "{}")!.AsObject())
        {
            item[name] = value?.DeepClone();
        }

        return item.ToJsonString();
    }

    /// <summary>Creates an item, expects success, and returns its id.</summary>
    public static async Task<string> Add(this Caller caller, string? more = null) =>
        (await caller.Json("POST", Items, Body(more))).Ok().GetProperty("id").GetString()!;

    public static async Task<string[]> Titles(this Caller caller, string query = "") =>
        [.. (await caller.Get(Items + query)).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => item.GetProperty("title").GetString()!)];

    /// <summary>Updates an item and expects success.</summary>
    public static async Task<JsonElement> Change(this Caller caller, string id, string body) =>
        (await caller.Json("PATCH", $"{Items}/{id}", body)).Ok().GetProperty("item");
}
