namespace Nexus.Redaction.Text;

/// <summary>Reads the words of a text, which are runs of letters.</summary>
internal ref struct WordReader(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>The start of the current word.</summary>
    public int Start { get; private set; }

    /// <summary>The end of the current word, exclusive.</summary>
    public int End { get; private set; }

    /// <summary>Advances to the next word; false if there is none.</summary>
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
