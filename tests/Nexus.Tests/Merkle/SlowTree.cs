using System.Security.Cryptography;

namespace Nexus.Tests.Merkle;

/// <summary>RFC 6962, section 2.1, word for word. The entries are D[n]; nothing is shared with the code it checks.</summary>
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

        var k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return SHA256.HashData([0x01, .. MTH(d[..k]), .. MTH(d[k..])]);
    }
}
