using System.Globalization;
using System.Text.RegularExpressions;

namespace Nexus.Tests.Faults;

/// <summary>A system call in a trace. Line numbers give the order of events.</summary>
/// <param name="Text">The arguments and the result.</param>
/// <param name="Begun">The line at which the call started.</param>
/// <param name="Ended">The line at which the call returned.</param>
internal sealed record SystemCall(int Thread, string Name, string Text, int Begun, int Ended)
{
    /// <summary>Whether the call successfully flushed a file to disk.</summary>
    public bool IsFlush => Name is "fsync" or "fdatasync" && Text.EndsWith("= 0", StringComparison.Ordinal);
}

/// <summary>Parses the output of <c>strace -f -o</c>.</summary>
internal static class SystemCalls
{
    private static readonly Regex _line = new(
        @"^(?<thread>\d+) +(?:<\.\.\. )?(?<name>\w+)(?<text>(?:\(| resumed>).*)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>Returns the completed calls, in order of completion.</summary>
    public static async Task<IReadOnlyList<SystemCall>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        const string Unfinished = "<unfinished ...>";
        var calls = new List<SystemCall>();
        var open = new Dictionary<int, (string Text, int Begun)>();
        var lines = await File.ReadAllLinesAsync(file, cancellationToken);
        for (var at = 0; at < lines.Length; at++)
        {
            if (_line.Match(lines[at]) is not { Success: true } line)
            {
                continue;
            }

            var (thread, text) = (int.Parse(line.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture), line.Groups["text"].Value);
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                open[thread] = (text[..^Unfinished.Length], at);
            }
            else
            {
                var begun = text.StartsWith(" resumed>", StringComparison.Ordinal) && open.Remove(thread, out var first)
                    ? first
                    : (Text: "", Begun: at);
                calls.Add(new SystemCall(thread, line.Groups["name"].Value, begun.Text + text, begun.Begun, at));
            }
        }

        return calls;
    }
}
