using System.Text;
using Nexus.Tests.Knowledge.RawAssets;


namespace Nexus.Tests.Knowledge.Lineage;

/// <summary>A document, an atom of it with its parts, a card that refers to the second part, and a pack with that card.</summary>
internal sealed record Chain(string Raw, string Atom, string[] Parts, string Card, string Pack)
{
    private const string Text = "# Before\nLook first.\n\n# During\nWrite down what you do.\n\n# After\nSay what was learnt.\n";

    /// <summary>Creates a chain whose pack is found by a word that is unique in the tenant.</summary>
    public static async Task<Chain> CreateAsync(Caller member, string word)
    {
        var raw = await member.Asset(Encoding.UTF8.GetBytes(Text), "incident.md", "text/markdown");
        var (atom, parts) = await Atoms(member, raw, "markdown_sections");
        var card = await member.Card($"card_type: note\ntitle: The {word}\nartifact_refs: [{parts[1]}]\n---\n{word}");
        return new Chain(raw, atom, parts, card, await LineageRouteTests.Pack(member, word));
    }

    /// <summary>Creates an atom of an asset and returns it with its parts.</summary>
    public static async Task<(string Atom, string[] Parts)> Atoms(Caller member, string raw, string op, string body = "{}")
    {
        var atom = (await member.Json("POST", $"/nexus/atoms/create-from-raw?raw_asset_id={raw}&op_type={op}", body)).Ok();
        var parts = atom.GetProperty("metadata").TryGetProperty("child_atom_ids", out var children)
            ? children.EnumerateArray().Select(id => id.GetString()!)
            : [];
        return (atom.GetProperty("atom_id").GetString()!, [.. parts]);
    }
}
