using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>Creates atom ids. An id is a hash of everything the atom depends on, so the same atom cannot be created twice.</summary>
internal static class AtomIds
{
    private const string Prefix = "atm_";

    /// <summary>Returns whether the id has the form of an atom id.</summary>
    public static bool IsAtomId(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Returns the id of the atom an op creates from an asset.</summary>
    public static string Create(Scope scope, string assetId, IAtomOp op, AtomParams parameters) =>
        Hash(CanonicalJson.Write(
            new JsonArray(scope.TenantId, scope.Env, assetId, op.Name, op.Version, JsonNode.Parse(parameters.Canonical))));

    /// <summary>Returns the id of a part. Parts are numbered from 1.</summary>
    public static string CreatePart(string atomId, int part) =>
        Hash(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{atomId} {part}")));

    private static string Hash(byte[] of) => Prefix + Convert.ToHexStringLower(SHA256.HashData(of));
}
