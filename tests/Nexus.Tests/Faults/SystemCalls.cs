using System.Globalization;
using System.Text.RegularExpressions;

namespace Nexus.Tests.Faults;

/// <summary>One system call of a trace. Its beginning and end are lines of the trace, which stand in the order in which they happened.</summary>
/// <param name="Thread">Which made it.</param>
/// <param name="Name">Such as <c>fsync</c>.</param>
/// <param name="Text">Its arguments and result.</param>
/// <param name="Begun">The line where it was entered.</param>
/// <param name="Ended">The line where it was left.</param>
internal sealed record SystemCall(int Thread, string Name, string Text, int Begun, int Ended)
{
    /// <summary>Whether it waited until a file was on disk, and it was.</summary>
    public bool IsFlush => Name is "fsync" or "fdatasync" && Text.EndsWith("= 0", StringComparison.Ordinal);
}

/// <summary>Reads what <c>strace -f -o</c> has written.</summary>
internal static class SystemCalls
{
    private static readonly Regex _line = new(@"^(?<thread>\d+) +(?:<\.\.\. )?(?<name>\w+)(?<text>(?:\(| resumed>).*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>The calls that have ended, in the order in which they did.</summary>
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
                var begun = text.StartsWith(" resumed>", StringComparison.Ordinal) && open.Remove(thread, out var first) ? first : (Text: "", Begun: at);
                calls.Add(new SystemCall(thread, line.Groups["name"].Value, begun.Text + text, begun.Begun, at));
            }
        }

        return calls;
    }
}
