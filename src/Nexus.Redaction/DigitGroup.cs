using System.Runtime.InteropServices;

namespace Nexus.Redaction;

/// <summary>Digits that follow one another in a text.</summary>
/// <param name="Start">Where they begin.</param>
/// <param name="End">Where they end, exclusive.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DigitGroup(int Start, int End)
{
    /// <summary>How many.</summary>
    public int Length => End - Start;
}
