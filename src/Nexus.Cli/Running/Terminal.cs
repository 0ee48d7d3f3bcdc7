using System.Text;
using Spectre.Console;

namespace Nexus.Cli.Running;

/// <summary>What a command reads from and writes to. Results go to <see cref="Out"/>, all else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    public required TextReader In { get; init; }

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person sees <see cref="Out"/>; decides between tables and JSON.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether a person sees <see cref="Error"/>; decides about progress bars.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether a person can answer questions.</summary>
    public bool CanPrompt { get; init; }

    /// <summary>An environment variable; null where unset or empty.</summary>
    public required Func<string, string?> GetVariable { get; init; }

    /// <summary>Reads a line without showing it; only where <see cref="CanPrompt"/>.</summary>
    public Func<string> ReadSecret { get; init; } = static () => "";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static Terminal FromConsole()
    {
        // Text is UTF-8 both ways whatever the locale says: card texts must come through byte for byte.
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

    /// <summary>A Spectre console for tables; wide enough not to wrap cells where nobody sees it.</summary>
    public IAnsiConsole CreateOutputConsole() => CreateConsole(Out, IsOutputTerminal);

    /// <summary>A Spectre console beside the results, for progress.</summary>
    public IAnsiConsole CreateErrorConsole() => CreateConsole(Error, IsErrorTerminal);

    /// <summary>
    /// Text of cards and servers as it may be shown: without the control characters that could steer a terminal.
    /// </summary>
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

    private static bool IsUnsafe(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isScreen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isScreen ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = isScreen ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isScreen)
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
