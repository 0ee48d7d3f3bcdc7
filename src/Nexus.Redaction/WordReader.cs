namespace Nexus.Redaction;

/// <summary>Reads the words of a text: letters that follow one another.</summary>
internal ref struct WordReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Where the word begins.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Goes to the next word; false after the last.</summary>
    public bool Read()
    {
        var at = End;
        while (at < _text.Length && !IsLetter(_text[at]))
        {
            at++;
        }

        Start = at;
        while (at < _text.Length && IsLetter(_text[at]))
        {
            at++;
        }

        End = at;
        return End > Start;
    }

    private static bool IsLetter(char unit) => char.IsAsciiLetter(unit) || (unit >= 0x80 && char.IsLetter(unit));
}
