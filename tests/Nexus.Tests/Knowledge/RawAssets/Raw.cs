using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Knowledge.RawAssets;

/// <summary>Presigns, uploads and registers like a client, step by step.</summary>
internal static class Raw
{
    public static readonly byte[] Bytes = Encoding.UTF8.GetBytes("The agate has bands.\n");

    public static string Sha(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Returns an upload form.</summary>
    public static async Task<Form> Presign(
        this Caller caller, string filename = "agate.txt", string? type = "text/plain", long? size = null) =>
        Form.Of(await caller.Json("POST", "/nexus/raw/presign-upload", PresignBody(filename, type, size)));

    public static string PresignBody(string filename, string? type, long? size) =>
        JsonSerializer.Serialize(new { filename, content_type = type, size_bytes = size });

    public static Task<Reply> Register(this Caller caller, string assetId, string filename = "agate.txt", string more = "") =>
        caller.Json(
            "POST",
            "/nexus/raw/register",
            $$"""{"asset_id":"{{assetId}}","filename":{{JsonSerializer.Serialize(filename)}},"tenant_id":"{{caller.Tenant}}","env":"{{caller.Env}}","uri":""{{more}}}""");

    /// <summary>Creates an asset with these bytes.</summary>
    public static async Task<string> Asset(
        this Caller caller, byte[]? bytes = null, string filename = "agate.txt", string? type = "text/plain")
    {
        var form = await caller.Presign(filename, type);
        (await form.Upload(bytes ?? Bytes)).Status.ShouldBe(204);
        (await caller.Register(form.AssetId, filename)).Ok();
        return form.AssetId;
    }
}

/// <summary>A signed form, which tests may tamper with.</summary>
internal sealed record Form(string AssetId, string Url, (string Name, string Value)[] Fields)
{
    private static readonly HttpClient _http = new();

    /// <summary>Parses the form of a response.</summary>
    public static Form Of(Reply presigned)
    {
        var signed = presigned.Ok();
        return new Form(
            signed.GetProperty("asset_id").GetString()!,
            signed.GetProperty("url").GetString()!,
            [.. signed.GetProperty("fields").EnumerateObject().Select(field => (field.Name, field.Value.GetString()!))]);
    }

    public string this[string name] => Fields.Single(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public Form With(string name, string value) =>
        this with
        {
            Fields = [.. Fields.Select(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? (name, value) : field)],
        };

    public Form And(string name, string value) => this with { Fields = [.. Fields, (name, value)] };

    public Form Without(string name) =>
        this with { Fields = [.. Fields.Where(field => !field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))] };

    public MultipartFormDataContent Content(byte[] bytes, params (string Name, string Value)[] after)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in Fields)
        {
            content.Add(new StringContent(value), name);
        }

        content.Add(new ByteArrayContent(bytes), "file", "file");
        foreach (var (name, value) in after)
        {
            content.Add(new StringContent(value), name);
        }

        return content;
    }

    public Task<Reply> Upload(byte[] bytes, params (string Name, string Value)[] after) => Post(Content(bytes, after));

    public async Task<Reply> Post(HttpContent content)
    {
        using (content)
        {
            using var answer = await _http.PostAsync(new Uri(Url), content, TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer, TestContext.Current.CancellationToken);
        }
    }
}
