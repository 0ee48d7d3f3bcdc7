using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>Ids of atoms: hashes of what they are functions of, so that nobody can make the same atom twice.</summary>
internal static class AtomIds
{
    private const string Prefix = "atm_";

    /// <summary>Whether an id is that of an atom, by its form.</summary>
    public static bool IsAtomId(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id of what an op makes of an asset.</summary>
    public static string Create(Scope scope, string assetId, IAtomOp op, AtomParams parameters) =>
        Hash(CanonicalJson.Write(new JsonArray(scope.TenantId, scope.Env, assetId, op.Name, op.Version, JsonNode.Parse(parameters.Canonical))));

    /// <summary>The id of a part, counted from 1.</summary>
    public static string CreatePart(string atomId, int part) => Hash(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{atomId} {part}")));

    private static string Hash(byte[] of) => Prefix + Convert.ToHexStringLower(SHA256.HashData(of));
}
