using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Redaction;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Audit.Events;

/// <summary>
/// <c>EventEntry</c> writes the entry member by member. The result must be the same as canonical JSON of the whole object.
/// </summary>
public sealed class EventEntryTests
{
    private static readonly byte[] _salt = [1, 2, 3];

    [Theory]
    [InlineData("plain", null, null)]
    [InlineData("\"\\\n\u0001\u007fé\ud83d\ude00\u2028</x>", "t_\"quoted\"", "who\\ever")]
    public void Entry_is_canonical_JSON_with_all_server_fields(string text, string? assetId, string? subjectId)
    {
        var found = new PiiCounts();
        found.Add(PiiKind.Card);
        found.Add(PiiKind.Email);
        found.Add(PiiKind.Card);
        var context =
            RequestContextFactory.ForSystem("act_" + text, new Scope("t_one", "dev")) with { UserId = "u_" + text, TraceId = text };
        context.Gates = ["kill_switch", text];
        foreach (var counts in new[] { null, found })
        {
            var redacted = new RedactedEvent("{}"u8.ToArray(), "nexus", assetId, counts);
            var entry = new EventEntry(
                context,
                context.Scope,
                new NewEvent("type_" + text, null, "not this") { SubjectId = subjectId },
                redacted,
                new TrainingDecision(counts is null, "tenant@7"),
                _salt)
            {
                Seq = 9_007_199_254_740_991, EventId = "id", RecordedAt = 0,
            }.ToBytes();
            using var read = JsonDocument.Parse(entry);
            Encoding.UTF8.GetString(CanonicalJson.Write(read.RootElement)).ShouldBe(Encoding.UTF8.GetString(entry));
            JsonNode.DeepEquals(JsonNode.Parse(entry), new JsonObject
            {
                ["v"] = 1,
                ["event_id"] = "id",
                ["tenant"] = "t_one",
                ["env"] = "dev",
                ["seq"] = 9_007_199_254_740_991,
                ["recorded_at"] = 0,
                ["event_type"] = "type_" + text,
                ["action"] = "act_" + text,
                ["asset_type"] = null,
                ["asset_id"] = assetId,
                ["request_id"] = context.RequestId,
                ["trace_id"] = text,
                ["actor_type"] = "system",
                ["gates"] = new JsonArray("kill_switch", text),
                ["pii_flags"] = counts is null
                    ? []
                    : new JsonArray(
                        new JsonObject { ["kind"] = "email", ["count"] = 1 },
                        new JsonObject { ["kind"] = "card", ["count"] = 2 }),
                ["train_ok"] = counts is null,
                ["train_basis"] = "tenant@7",
                ["actor"] = Commitment("u_" + text),
                ["subject"] = subjectId is null ? null : Commitment(subjectId),
                ["content_hash"] = Commitment("{}"),
            }).ShouldBeTrue(Encoding.UTF8.GetString(entry));
        }
    }

    [Fact]
    public void Lone_surrogate_throws_FormatException()
    {
        var context = RequestContextFactory.ForSystem("act", new Scope("t_one", "dev"));
        Should.Throw<FormatException>(
            () => new EventEntry(
                context,
                context.Scope,
                new NewEvent("lone \ud800"),
                new RedactedEvent([], "nexus", null, null),
                new TrainingDecision(true, "default"),
                _salt)
            {
                Seq = 0, EventId = "id", RecordedAt = 0,
            }.ToBytes());
    }

    private static string Commitment(string secret) =>
        Convert.ToBase64String(SHA256.HashData([.. _salt, .. Encoding.UTF8.GetBytes(secret)]));
}
