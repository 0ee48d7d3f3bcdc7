using System.Security.Cryptography;

namespace Nexus.Tests.Merkle;

/// <summary>RFC 6962, sections 2.1 to 2.1.2, literally. The entries are D[n]. Shares no code with the implementation it checks.</summary>
internal static class SlowTree
{
    public static byte[] MTH(byte[][] d)
    {
        var n = d.Length;
        if (n == 0)
        {
            return SHA256.HashData([]);
        }

        if (n == 1)
        {
            return SHA256.HashData([0x00, .. d[0]]);
        }

        var k = K(n);
        return SHA256.HashData([0x01, .. MTH(d[..k]), .. MTH(d[k..])]);
    }

    public static byte[][] PATH(int m, byte[][] d)
    {
        var n = d.Length;
        if (n == 1)
        {
            return [];
        }

        var k = K(n);
        return m < k ? [.. PATH(m, d[..k]), MTH(d[k..])] : [.. PATH(m - k, d[k..]), MTH(d[..k])];
    }

    public static byte[][] PROOF(int m, byte[][] d) => SUBPROOF(m, d, true);

    private static byte[][] SUBPROOF(int m, byte[][] d, bool b)
    {
        var n = d.Length;
        if (m == n)
        {
            return b ? [] : [MTH(d)];
        }

        var k = K(n);
        return m <= k ? [.. SUBPROOF(m, d[..k], b), MTH(d[k..])] : [.. SUBPROOF(m - k, d[k..], false), MTH(d[..k])];
    }

    /// <summary>The largest power of two smaller than n.</summary>
    private static int K(int n)
    {
        var k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }
}
