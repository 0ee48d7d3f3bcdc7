using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Nexus.Server.Platform.Storage.Blobs;



namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>
/// The parts of S3 that the store needs, in memory: objects by path, ranges, conditional copies and signed forms. Request
/// signatures are not verified.
/// </summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "nexus-test";
    public const string AccessKey = "AKIDTEST";
    public const string SecretKey = "secret-of-the-test";
    public const string Region = "eu-central-1";

    private readonly WebApplication _app;
    private readonly PostPolicySigner _policy = new(AccessKey, SecretKey, Region, Bucket);

    private S3Server(WebApplication app) => _app = app;

    /// <summary>Object bytes by key.</summary>
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether deletes are refused.</summary>
    public bool DeniesDeletes { get; set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Nexus:Blobs:Engine"] = "s3",
        ["Nexus:Blobs:Bucket"] = Bucket,
        ["Nexus:Blobs:Endpoint"] = Address.AbsoluteUri.TrimEnd('/'),
        ["Nexus:Blobs:Region"] = Region,
        ["Nexus:Blobs:AccessKey"] = AccessKey,
        ["Nexus:Blobs:SecretKey"] = SecretKey,
    };

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new S3Server(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.TrimStart('/');
        var key = path.StartsWith(Bucket + "/", StringComparison.Ordinal) ? path[(Bucket.Length + 1)..] : "";
        await (http.Request.Method switch
        {
            "POST" when key.Length == 0 => PostAsync(http),
            _ when key.Length == 0 => RefuseAsync(http, 404, "NoSuchBucket"),
            "PUT" when http.Request.Headers.TryGetValue("x-amz-copy-source", out var source) => CopyAsync(http, source.ToString(), key),
            "PUT" => PutAsync(http, key),
            "GET" or "HEAD" => GetAsync(http, key),
            "DELETE" when DeniesDeletes => RefuseAsync(http, 403, "AccessDenied"),
            "DELETE" => DeleteAsync(http, key),
            _ => RefuseAsync(http, 405, "MethodNotAllowed"),
        });
    }

    private async Task PostAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var fields = form.ToDictionary(field => field.Key.ToLowerInvariant(), field => field.Value.ToString(), StringComparer.Ordinal);
        var (grant, _) = _policy.Verify(fields, TimeProvider.System.GetUtcNow());
        var file = form.Files.GetFile("file");
        if (grant is null || file is null || file.Length < grant.MinBytes || file.Length > grant.MaxBytes)
        {
            await RefuseAsync(http, grant is null ? 403 : 400, grant is null ? "AccessDenied" : "EntityTooLarge");
            return;
        }

        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, http.RequestAborted);
        Objects[grant.Key] = bytes.ToArray();
        http.Response.StatusCode = 204;
    }

    private async Task PutAsync(HttpContext http, string key)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        Objects[key] = bytes.ToArray();
        http.Response.Headers.ETag = Tag(Objects[key]);
    }

    private async Task CopyAsync(HttpContext http, string source, string key)
    {
        var from = Uri.UnescapeDataString(source).TrimStart('/')[(Bucket.Length + 1)..];
        if (!Objects.TryGetValue(from, out var bytes))
        {
            await RefuseAsync(http, 404, "NoSuchKey");
        }
        else if (http.Request.Headers.TryGetValue("x-amz-copy-source-if-match", out var tag)
            && tag.ToString().Trim('"') != Tag(bytes).Trim('"'))
        {
            await RefuseAsync(http, 412, "PreconditionFailed");
        }
        else
        {
            Objects[key] = bytes;
            http.Response.ContentType = "application/xml";
            await http.Response.WriteAsync(
                $"<CopyObjectResult><ETag>{Tag(bytes)}</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></CopyObjectResult>",
                http.RequestAborted);
        }
    }

    private async Task GetAsync(HttpContext http, string key)
    {
        if (!Objects.TryGetValue(key, out var bytes))
        {
            await RefuseAsync(http, 404, "NoSuchKey");
            return;
        }

        if (http.Request.Headers.IfMatch is { Count: > 0 } match && match.ToString().Trim('"') != Tag(bytes).Trim('"'))
        {
            await RefuseAsync(http, 412, "PreconditionFailed");
            return;
        }

        var from = 0;
        if (http.Request.GetTypedHeaders().Range?.Ranges.Single() is { } range)
        {
            from = (int)range.From!.Value;
            http.Response.StatusCode = 206;
            http.Response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {from}-{bytes.Length - 1}/{bytes.Length}");
        }

        http.Response.Headers.ETag = Tag(bytes);
        http.Response.Headers.LastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
        http.Response.ContentLength = bytes.Length - from;
        if (http.Request.Method == "GET")
        {
            await http.Response.Body.WriteAsync(bytes.AsMemory(from), http.RequestAborted);
        }
    }

    private Task DeleteAsync(HttpContext http, string key)
    {
        Objects.TryRemove(key, out _);
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static Task RefuseAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        return http.Request.Method == "HEAD"
            ? Task.CompletedTask
            : http.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{code}</Message></Error>", http.RequestAborted);
    }

    // The SDK verifies an object's bytes with an ETag of this form, as S3 returns.
#pragma warning disable CA5351
    private static string Tag(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351
}
