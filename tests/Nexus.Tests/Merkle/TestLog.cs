using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

/// <summary>A log created by the test, line by line as in an export. Tests may tamper with its entries and contents.</summary>
internal sealed class TestLog
{
    private const string Tenant = "t_acme";
    private readonly List<Line> _lines = [];
    private readonly long _first;

    public TestLog(int events, long first = 0)
    {
        _first = first;
        for (var i = 0; i < events; i++)
        {
            Add("card_created", new JsonObject { ["title"] = $"card \"{i}\" é" });
        }
    }

    public List<Line> Lines => _lines;

    public byte[][] Entries => [.. _lines.Select(line => Encoding.UTF8.GetBytes(line.Entry))];

    /// <summary>Returns the checkpoint of the first events.</summary>
    public Checkpoint Checkpoint(int size, string origin = $"log.example/{Tenant}/prod/0") =>
        new(origin, size, SlowTree.MTH(Entries[..size]));

    /// <summary>Appends an event. <paramref name="spoil"/> may change its envelope before it is hashed.</summary>
    public TestLog Add(string type, JsonObject input, Action<JsonObject>? spoil = null, string? subject = null)
    {
        var seq = _first + _lines.Count;
        var salt = SHA256.HashData(BitConverter.GetBytes(seq))[..16];
        var content = new JsonObject { ["agentId"] = "user_1", ["surface"] = "nexus", ["input"] = input };
        if (subject is not null)
        {
            content["subject_id"] = subject;
        }

        var written = CanonicalJson.Write(content);
        var envelope = new JsonObject
        {
            ["v"] = 1, ["event_id"] = $"e{seq}", ["tenant"] = Tenant, ["env"] = "prod", ["seq"] = seq, ["recorded_at"] = 1_000_000
                + (seq / 2),
            ["event_type"] = type, ["actor"] = Commitment(salt, "user_1"u8), ["subject"] = subject is null
                ? null
                : Commitment(salt, Encoding.UTF8.GetBytes(subject)),
            ["content_hash"] = Commitment(salt, written),
        };
        spoil?.Invoke(envelope);
        _lines.Add(
            new Line(
                Encoding.UTF8.GetString(CanonicalJson.Write(envelope)),
                Encoding.UTF8.GetString(written),
                Convert.ToBase64String(salt)));
        return this;
    }

    /// <summary>Erases contents without a receipt.</summary>
    public TestLog Erase(params int[] indexes)
    {
        foreach (var index in indexes)
        {
            _lines[index] = _lines[index] with { Content = null, Salt = null };
        }

        return this;
    }

    /// <summary>Appends a receipt.</summary>
    public TestLog Receipt(params (long From, long To)[] ranges) =>
        Add("content_erased", new JsonObject
        {
            ["seqs"] = new JsonArray([.. ranges.Select(range => new JsonArray(range.From, range.To))]),
        });

    public byte[] Export() => [.. _lines.SelectMany(line => Encoding.UTF8.GetBytes(line + "\n"))];

    public async Task<ExportReport> VerifyAsync(params Checkpoint[] checkpoints) => await VerifyAsync(Export(), checkpoints);

    public static async Task<ExportReport> VerifyAsync(byte[] export, params Checkpoint[] checkpoints)
    {
        using var stream = new MemoryStream(export);
        return await ExportVerifier.VerifyAsync(stream, checkpoints, Xunit.TestContext.Current.CancellationToken);
    }

    private static string Commitment(byte[] salt, ReadOnlySpan<byte> secret) =>
        Convert.ToBase64String(SHA256.HashData([.. salt, .. secret]));

    internal sealed record Line(string Entry, string? Content, string? Salt)
    {
        private static readonly JsonSerializerOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        public override string ToString() =>
            new JsonObject { ["entry"] = Entry, ["content"] = Content, ["salt"] = Salt }.ToJsonString(_relaxed);
    }
}
