using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Agents.Maybes;

/// <summary>What the tests of maybes send and look at.</summary>
internal static class Maybe
{
    public const string Items = "/maybes/items";

    /// <summary>An item's body with these members besides the required ones, or in place of them.</summary>
    public static string Body(string? more = null)
    {
        var item = JsonNode.Parse("""{"space":"scratchpad","title":"one","body":"text"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more ?? "{}")!.AsObject())
        {
            item[name] = value?.DeepClone();
        }

        return item.ToJsonString();
    }

    /// <summary>Makes an item that must be taken, and returns its id.</summary>
    public static async Task<string> Add(this Caller caller, string? more = null) =>
        (await caller.Json("POST", Items, Body(more))).Ok().GetProperty("id").GetString()!;

    /// <summary>The titles of a list.</summary>
    public static async Task<string[]> Titles(this Caller caller, string query = "") =>
        [.. (await caller.Get(Items + query)).Ok().GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!)];

    /// <summary>Changes an item, which must be taken.</summary>
    public static async Task<JsonElement> Change(this Caller caller, string id, string body) =>
        (await caller.Json("PATCH", $"{Items}/{id}", body)).Ok().GetProperty("item");
}
