using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Nexus.Tests.Knowledge.Search;

/// <summary>An OpenAI-compatible embedding service on loopback. Its vectors count the words of a text by meaning.</summary>
internal sealed class EmbeddingServer : IAsyncDisposable
{
    private static readonly string[][] _meanings = [["car", "automobile", "vehicle"], ["dog", "hound", "puppy"], ["sea", "ocean", "water"]];

    private readonly WebApplication _app;

    private EmbeddingServer(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public bool AsArrays { get; set; }

    public int? FailsWith { get; set; }

    public string? ErrorMessage { get; set; }

    public Func<string, bool> Fails { get; set; } = _ => false;

    public Func<string, bool> Refuses { get; set; } = _ => false;

    public TaskCompletionSource? Waits { get; set; }

    public List<int> Batches { get; } = [];

    public string? Authorization { get; private set; }

    public string? TraceParent { get; private set; }

    public static async Task<EmbeddingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new EmbeddingServer(app);
        app.MapPost("/v1/embeddings", server.Embed);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        server.Url = new Uri(address + "/v1");
        return server;
    }

    public static float[] Vector(string text)
    {
        string[] words = text.ToLowerInvariant().Split([' ', '.', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return [0.1f, .. _meanings.Select(meaning => (float)words.Count(meaning.Contains))];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> Embed(HttpRequest request)
    {
        Authorization = request.Headers.Authorization;
        TraceParent = request.Headers.TraceParent;
        var body = await JsonNode.ParseAsync(request.Body);
        if (Waits is { } waits)
        {
            await waits.Task.WaitAsync(request.HttpContext.RequestAborted);
        }

        string[] texts = body!["input"] is JsonArray many
            ? [.. many.Select(text => text!.GetValue<string>())]
            : [body["input"]!.GetValue<string>()];
        lock (Batches)
        {
            Batches.Add(texts.Length);
        }

        if (FailsWith is { } status)
        {
            return ErrorMessage is null
                ? Results.StatusCode(status)
                : Results.Json(new { error = new { message = ErrorMessage } }, statusCode: status);
        }

        if (texts.Any(Fails))
        {
            return Results.StatusCode(503);
        }

        if (texts.Any(Refuses))
        {
            return Results.StatusCode(400);
        }

        var base64 = !AsArrays && body["encoding_format"]?.GetValue<string>() == "base64";
        var data = texts.Select((text, i) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = i,
            ["embedding"] = base64
                ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Vector(text)))
                : JsonSerializer.SerializeToNode(Vector(text)),
        });
        return Results.Text(new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data]),
            ["model"] = body["model"]!.GetValue<string>(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = 1, ["total_tokens"] = 1 },
        }.ToJsonString(), "application/json");
    }
}
