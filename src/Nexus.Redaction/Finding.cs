using System.Runtime.InteropServices;

namespace Nexus.Redaction;

/// <summary>A place of a text that holds personal data.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends, exclusive.</param>
/// <param name="Score">How sure the detector is, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Finding(PiiKind Kind, int Start, int End, double Score);
