using System.Text;
using System.Text.Json;
using Nexus.Tests.Knowledge.Lineage;
using Nexus.Tests.Knowledge.RawAssets;


namespace Nexus.Tests.Privacy;

/// <summary>One of everything a person leaves behind, each with a unique word, and what others derived from it.</summary>
internal sealed record Planted(
    string Word, string Raw, string Atom, string Part, string Card, string Derived, string Pack, string Session, string Maybe,
    string AboutThem)
{
    /// <summary>
    /// Plants a word. <paramref name="other"/> creates a card from a part of the person's asset, a pack with it, and a turn and a
    /// card about the person.
    /// </summary>
    public static async Task<Planted> CreateAsync(Caller person, Caller other, string word)
    {
        var text = string.Concat(
            Enumerable.Range(0, 400).Select(part => $"# Part {part}\n{word} {string.Concat(Enumerable.Repeat("lorem ipsum ", 20))}\n\n"));
        var raw = await person.Asset(Encoding.UTF8.GetBytes(text), $"{word}.md", "text/markdown");
        var (atom, parts) = await Chain.Atoms(person, raw, "markdown_sections");
        var card = await person.Card($"card_type: {word}\ntitle: The {word}\nversion: {word}\n---\n{text}");
        (await person.Text(
            "PUT",
            $"/nexus/cards/{card}",
            $"card_type: note\ntitle: The {word} again\n---\n{word}",
            ("If-Match", "\"1\""))).Ok();
        var derived = await other.Card($"card_type: note\ntitle: Made of it\nartifact_refs: [{parts[1]}]\n---\nSays {word}.");
        var pack = await LineageRouteTests.Pack(other, word);
        await LineageRouteTests.Pack(person, word);
        var session = Nexus.Server.Platform.Storage.Id.New();
        await Turn(person, session, word);
        await Turn(person, session, word + " again");
        var maybe =
            (await person.Json(
                "POST",
                "/maybes/items",
                $$"""{"space":"{{word}}","title":"{{word}}","body":"{{word}}","tags":["{{word}}"]}""")).Ok()
                .GetProperty("id")
                .GetString()!;
        (await person.Json(
            "POST",
            "/events",
            $$$"""{"surface":"{{{word}}}","input":{"said":"{{{word}}}"}}""",
            ("Idempotency-Key", "own-" + word))).Ok();
        (await person.Json("POST", "/privacy/train-prefs/user", $$"""{"user_id":"{{person.User}}","opt_out":true}""")).Ok();
        await person.Post($"card_type: note\n---\nKept {word}.", ("Idempotency-Key", "card-" + word));

        var about =
            (await other.Post($"card_type: note\nsubject_id: {person.User}\n---\nAbout {word}.", ("Idempotency-Key", "about-" + word))).Ok()
                .GetProperty("card_id")
                .GetString()!;
        await Turn(other, "shared-" + other.Tenant, "Not of the other.");
        await Turn(other, "shared-" + other.Tenant, "About " + word, person.User);
        (await other.Json("POST", "/events", $$"""{"surface":"web","input":{"about":"{{word}}"},"subject_id":"{{person.User}}"}""")).Ok();
        (await other.Find(word)).ShouldNotBeEmpty();
        return new Planted(word, raw, atom, parts[1], card, derived, pack, session, maybe, about);
    }

    /// <summary>The paths that must not be found after the erasure.</summary>
    public IEnumerable<string> Paths =>
    [
        $"/nexus/raw/{Raw}", $"/nexus/raw/{Raw}/content", $"/nexus/atoms/{Atom}", $"/nexus/atoms/{Part}", $"/nexus/cards/{Card}",
        $"/nexus/cards/{Card}/revisions", $"/nexus/cards/{Derived}",
        $"/nexus/cards/{AboutThem}", $"/nexus/influence-pack/{Pack}", $"/maybes/items/{Maybe}", $"/nexus/lineage/raw/{Raw}",
        $"/nexus/lineage/atom/{Atom}", $"/nexus/lineage/pack/{Pack}",
    ];

    public static async Task Turn(Caller caller, string session, string content, string? subject = null) =>
        (await caller.Json(
            "POST",
            $"/nexus/memory/session/{session}/turn",
            JsonSerializer.Serialize(new { role = "user", content, subject_id = subject }))).Ok();
}
