using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Routes;

/// <summary>
/// How to create one of every resource in a route, and a valid body for every route that reads one. A new route with an id needs
/// an entry here; the sweep fails until it has one.
/// </summary>
internal static class RouteSamples
{
    /// <summary>A unique word in everything the first tenant writes.</summary>
    public const string Marker = "quetzalcoatlus";

    private const string CardText = $"card_type: note\ntitle: {Marker} one\n---\nThe {Marker} flies.\n";

    /// <summary>Maps a pattern up to the id to a function that creates the resource for the client's tenant and returns its id.</summary>
    public static readonly IReadOnlyDictionary<string, Func<HttpClient, string, CancellationToken, Task<string>>> Makers =
        new Dictionary<string, Func<HttpClient, string, CancellationToken, Task<string>>>(StringComparer.Ordinal)
        {
            ["/nexus/cards/{card_id}"] = (client, _, cancelled) => PostAsync(client, "/nexus/cards", Text(CardText), "card_id", cancelled),
            ["/nexus/raw/{asset_id}"] = (client, _, cancelled) => AssetAsync(client, cancelled),
            ["/nexus/atoms/{atom_id}"] = async (client, _, cancelled) =>
                await PostAsync(
                    client,
                    $"/nexus/atoms/create-from-raw?raw_asset_id={await AssetAsync(client, cancelled)}&op_type=text_identity",
                    Json("{}"),
                    "atom_id",
                    cancelled),
            ["/nexus/influence-pack/{pack_id}"] = (client, _, cancelled) =>
                PostAsync(client, "/nexus/influence-pack", Json($$$"""{"query":{"query_text":"{{{Marker}}}"}}"""), "pack_id", cancelled),
            ["/nexus/memory/session/{session_id}"] = async (client, _, cancelled) =>
            {
                var session = Nexus.Server.Platform.Storage.Id.New();
                await PostAsync(
                    client,
                    $"/nexus/memory/session/{session}/turn",
                    Json($$"""{"role":"user","content":"{{Marker}}"}"""),
                    "turn_id",
                    cancelled);
                return session;
            },
            ["/maybes/items/{id}"] = (client, _, cancelled) =>
                PostAsync(
                    client,
                    "/maybes/items",
                    Json($$"""{"space":"{{Marker}}","title":"{{Marker}} one","body":"The {{Marker}} flies.","tags":["{{Marker}}"]}"""),
                    "id",
                    cancelled),
            ["/nexus/lineage/{kind}/{id}"] = (client, _, cancelled) =>
                PostAsync(client, "/nexus/cards", Text(CardText), "card_id", cancelled),
            ["/nexus/runs/{run_id}"] = async (client, _, cancelled) =>
            {
                using var page = JsonDocument.Parse(await client.GetStringAsync(new Uri("/nexus/runs", UriKind.Relative), cancelled));
                return page.RootElement[0].GetProperty("run_id").GetString()!;
            },
            ["/audit/events/{event_id}"] = async (client, _, cancelled) =>
            {
                using var page = JsonDocument.Parse(await client.GetStringAsync(new Uri("/audit/events", UriKind.Relative), cancelled));
                return page.RootElement.GetProperty("items")[0].GetProperty("event_id").GetString()!;
            },
            ["/feature-flags/definitions/{key}"] = (client, _, cancelled) => FlagAsync(client, cancelled),
            ["/ofrep/v1/evaluate/flags/{key}"] = (client, _, cancelled) => FlagAsync(client, cancelled),
            ["/privacy/erasures/{erasure_id}"] = (client, tenant, cancelled) =>
                PostAsync(client, "/privacy/erasures", Json($$"""{"user_id":"u_gone_{{tenant}}"}"""), "erasure_id", cancelled),
            ["/tenants/{tenant_id}/members/{user_id}"] = (_, tenant, _) => Task.FromResult("u_" + tenant),
            ["/tenants/{tenant_id}/api-keys/{key_id}"] = (client, tenant, cancelled) =>
                PostAsync(client, $"/tenants/{tenant}/api-keys", Json($$"""{"name":"{{Marker}}","role":"viewer"}"""), "key_id", cancelled),
        };

    /// <summary>
    /// Routes that cannot know whether an id exists. If trusted tokens name members, a user without a row may be one and can be
    /// given a role or removed. A session id is chosen by its writer, and an unknown session has no turns.
    /// </summary>
    public static bool AcceptsAnyId(MappedRoute route) =>
        CreatesIfMissing(route)
            || route.Pattern is "/tenants/{tenant_id}/members/{user_id}" or "/nexus/memory/session/{session_id}/turn"
            || route is { Method: "GET", Pattern: "/nexus/memory/session/{session_id}" };

    /// <summary>
    /// Routes whose keys are chosen by the caller. Another tenant's resource of that name is a different one, and the response
    /// has the version of one's own.
    /// </summary>
    public static bool CreatesIfMissing(MappedRoute route) => route is { Method: "PUT", Pattern: "/feature-flags/definitions/{key}" };

    /// <summary>Returns a valid body for routes that read one before they look up the resource.</summary>
    public static HttpContent? Body(MappedRoute route) => $"{route.Method} {route.Pattern}" switch
    {
        "PUT /nexus/cards/{card_id}" => Text(CardText),
        "POST /nexus/memory/session/{session_id}/turn" => Json("""{"role":"user","content":"hello"}"""),
        "PUT /feature-flags/definitions/{key}" => Json(Flag),
        "PATCH /tenants/{tenant_id}/members/{user_id}" => Json("""{"role":"viewer"}"""),
        _ when route.Method is "PUT" or "PATCH" or "POST" => Json("{}"),
        _ => null,
    };

    /// <summary>Sets the headers that the route requires.</summary>
    public static void Prepare(MappedRoute route, HttpRequestHeaders headers)
    {
        if (route is { Method: "PUT", Pattern: "/nexus/cards/{card_id}" })
        {
            headers.IfMatch.Add(EntityTagHeaderValue.Any);
        }
    }

    private const string Flag = $$"""{"state":"ENABLED","variants":{"{{Marker}}":true,"off":false},"defaultVariant":"off"}""";

    private static async Task<string> FlagAsync(HttpClient client, CancellationToken cancelled)
    {
        var key = $"{Marker}-{Nexus.Server.Platform.Storage.Id.New()}";
        using var body = Json(Flag);
        using var answer = await client.PutAsync(new Uri($"/feature-flags/definitions/{key}", UriKind.Relative), body, cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(cancelled));
        return key;
    }

    private static async Task<string> AssetAsync(HttpClient client, CancellationToken cancelled)
    {
        using var body = Json($$"""{"filename":"{{Marker}}.txt","content_type":"text/plain"}""");
        using var answer = await client.PostAsync(new Uri("/nexus/raw/presign-upload", UriKind.Relative), body, cancelled);
        using var signed = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancelled));
        using var form = new MultipartFormDataContent();
        foreach (var field in signed.RootElement.GetProperty("fields").EnumerateObject())
        {
            form.Add(new StringContent(field.Value.GetString()!), field.Name);
        }

        form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes($"The {Marker} flies.")), "file", "file");
        using var uploaded = await client.PostAsync(new Uri(signed.RootElement.GetProperty("url").GetString()!), form, cancelled);
        uploaded.IsSuccessStatusCode.ShouldBeTrue(await uploaded.Content.ReadAsStringAsync(cancelled));
        var id = signed.RootElement.GetProperty("asset_id").GetString();
        return await PostAsync(
            client,
            "/nexus/raw/register",
            Json($$"""{"asset_id":"{{id}}","filename":"{{Marker}}.txt"}"""),
            "asset_id",
            cancelled);
    }

    private static StringContent Text(string text) => new(text, Encoding.UTF8, "text/plain");

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<string> PostAsync(HttpClient client, string path, HttpContent body, string id, CancellationToken cancelled)
    {
        using (body)
        {
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), body, cancelled);
            var said = await answer.Content.ReadAsStringAsync(cancelled);
            answer.IsSuccessStatusCode.ShouldBeTrue($"POST {path}: {said}");
            using var made = JsonDocument.Parse(said);
            return made.RootElement.GetProperty(id).GetString()!;
        }
    }
}
