using System.Text;
using Spectre.Console;

namespace Nexus.Cli.CommandLine;

/// <summary>The input and output of a command. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal; selects tables or JSON.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal; enables progress bars.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether prompts are possible: stdin and stderr are terminals.</summary>
    public bool CanPrompt { get; init; }

    /// <summary>Returns an environment variable, or null if it is unset or empty.</summary>
    public required Func<string, string?> GetVariable { get; init; }

    /// <summary>Reads a line without echo. Requires <see cref="CanPrompt"/>.</summary>
    public Func<string> ReadSecret { get; init; } = static () => "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal FromConsole()
    {
        // UTF-8 in both directions, whatever the locale: card texts must be preserved byte for byte.
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (!OperatingSystem.IsWindows() || System.Console.IsOutputRedirected)
        {
            System.Console.OutputEncoding = utf8;
        }

        return new Terminal
        {
            In = new StreamReader(System.Console.OpenStandardInput(), utf8),
            Out = System.Console.Out,
            Error = System.Console.Error,
            IsOutputTerminal = !System.Console.IsOutputRedirected,
            IsErrorTerminal = !System.Console.IsErrorRedirected,
            CanPrompt = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected,
            GetVariable = name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
            ReadSecret = ReadHidden,
        };
    }

    /// <summary>A Spectre console for tables; wide enough not to wrap cells if the output is not a terminal.</summary>
    public IAnsiConsole CreateOutputConsole() => CreateConsole(Out, IsOutputTerminal);

    /// <summary>A Spectre console on stderr, for progress.</summary>
    public IAnsiConsole CreateErrorConsole() => CreateConsole(Error, IsErrorTerminal);

    /// <summary>Replaces the control characters in untrusted text that could manipulate a terminal.</summary>
    public static string Sanitize(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u007f', '\u009f') && !text.Any(IsUnsafe))
        {
            return text;
        }

        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                span[i] = IsUnsafe(source[i]) ? '\ufffd' : source[i];
            }
        });
    }

    /// <summary>Sanitizes text for a message of one line.</summary>
    public static string ToSingleLine(string text) => Sanitize(text).ReplaceLineEndings(" ").Replace('\t', ' ');

    private static bool IsUnsafe(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
        {
            console.Profile.Width = 160;
        }

        return console;
    }

    private static string ReadHidden()
    {
        var line = new StringBuilder();
        while (System.Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
            }
        }

        System.Console.Error.WriteLine();
        return line.ToString();
    }
}
