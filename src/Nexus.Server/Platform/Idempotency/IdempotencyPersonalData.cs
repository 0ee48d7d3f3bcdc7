using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Idempotency;

/// <summary>
/// Responses stored for a person's retries. An erasure also deletes other users' responses that contain something it erased or
/// that name the person. It must run after all other kinds.
/// </summary>
internal sealed partial class IdempotencyPersonalData : IPersonalData
{
    private const int Page = 100;
    private const char Separator = '\0';

    /// <inheritdoc />
    public string Kind => "kept_answers";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["kept_answers"];

    /// <inheritdoc />
    public ErasurePhase Phase => ErasurePhase.Records;

    /// <inheritdoc />
    public int BatchSize => Page;

    /// <inheritdoc />
    public bool HasAccountData => true;

    /// <inheritdoc />
    public async ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after)
    {
        var (caller, route, key) = after.Length == 0 ? ("", "", "") : ParseId(after);
        var rows = await session.QueryAsync<Row>(
            """
            select caller, route, key, body from kept_answers where tenant_id = @TenantId and env = @Env
              and (caller > @caller or (caller = @caller and (route > @route or (route = @route and key > @key)))) order by caller, route,
                key limit @Page
            """,
            new { session.Scope.TenantId, session.Scope.Env, caller, route, key, Page });
        var found = new List<string>();
        foreach (var row in rows)
        {
            if (row.Caller == person.UserId
                || (person.ErasureId is { } erasure
                && (IsAbout(row, person.UserId) || await ContainsErasedItemAsync(session, erasure, row))))
            {
                found.Add(row.Id);
            }
        }

        return new IdPage(found, rows.Count == Page ? rows[^1].Id : null);
    }

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        foreach (var (caller, route, key) in ids.Select(ParseId))
        {
            await session.ExecuteAsync(
                """
                delete from kept_answers where tenant_id = @TenantId and env = @Env and caller = @caller and route = @route
                  and key = @key
                """,
                new { session.Scope.TenantId, session.Scope.Env, caller, route, key });
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var (caller, route, key) in ids.Select(ParseId))
        {
            var body = await session.FirstOrDefaultAsync<string>(
                """
                select body from kept_answers where tenant_id = @TenantId and env = @Env and caller = @caller and route = @route
                  and key = @key
                """,
                new { session.Scope.TenantId, session.Scope.Env, caller, route, key });
            lines.Add(
                JsonSerializer.Serialize(
                    new JsonObject { ["route"] = route, ["key"] = key, ["answer"] = body },
                    StrictJson.TypeInfo<JsonObject>()));
        }

        return lines;
    }

    /// <summary>Returns whether a response is about the person, such as a member's record.</summary>
    private static bool IsAbout(Row row, string userId) =>
        row.Body?.Contains(JsonSerializer.Serialize(userId, StrictJson.TypeInfo<string>()), StringComparison.Ordinal) == true
        || row.Route.Split('/').Contains(Uri.EscapeDataString(userId), StringComparer.Ordinal);

    private static async ValueTask<bool> ContainsErasedItemAsync(ReadSession session, string erasureId, Row row)
    {
        var ids = IdPattern().Matches(row.Route + "\n" + row.Body).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        // A session id has no fixed form. It occurs only in the path of its routes.
        ids.UnionWith(row.Route.Split('/'));
        return (await ErasureItemStore.FilterErasedAsync(session, erasureId, ids)).Count > 0;
    }

    private static (string Caller, string Route, string Key) ParseId(string id) =>
        id.Split(Separator) is [var caller, var route, var key] ? (caller, route, key) : throw new FormatException("No kept answer.");

    [GeneratedRegex(
        "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{3}_[0-9a-f]{64}", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    private sealed class Row
    {
        public string Caller { get; init; } = "";

        public string Route { get; init; } = "";

        public string Key { get; init; } = "";

        public string? Body { get; init; }

        public string Id => string.Join(Separator, Caller, Route, Key);
    }
}
