using System.Runtime.InteropServices;

namespace Nexus.Redaction.Text;

/// <summary>A run of consecutive ASCII digits in a text.</summary>
/// <param name="Start">The first digit.</param>
/// <param name="End">The end, exclusive.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DigitGroup(int Start, int End)
{
    /// <summary>The number of digits.</summary>
    public int Length => End - Start;
}
