using System.Text;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>One row of a CSV table.</summary>
/// <param name="Number">1 for the first row. Empty lines do not count.</param>
/// <param name="Fields">The unquoted fields.</param>
/// <param name="Start">Where the row begins in the text, in UTF-16 code units.</param>
/// <param name="End">Where it ends, without its line end.</param>
internal sealed record CsvRow(int Number, IReadOnlyList<string> Fields, int Start, int End);

/// <summary>
/// Reads RFC 4180 strictly: a quote is allowed only around a field, and doubled inside it. Rows end with CR LF, LF or CR; empty
/// lines are skipped. Reading stops at the first field too many, before the rest of the row takes memory.
/// </summary>
internal sealed class CsvReader(string text, char delimiter)
{
    private const int MaxFields = 1_000;

    private int _at;
    private int _number;

    /// <summary>The next row; null at the end.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c>.</exception>
    public CsvRow? Read()
    {
        while (_at < text.Length && text[_at] is '\r' or '\n')
        {
            _at++;
        }

        if (_at == text.Length)
        {
            return null;
        }

        var (start, fields) = (_at, new List<string>());
        _number++;
        while (true)
        {
            fields.Add(_at < text.Length && text[_at] == '"' ? ReadQuoted() : ReadUnquoted());
            if (fields.Count > MaxFields)
            {
                throw Malformed($"has more than {MaxFields} fields");
            }

            if (_at == text.Length || text[_at] != delimiter)
            {
                break;
            }

            _at++;
        }

        return _at == text.Length || text[_at] is '\r' or '\n'
            ? new CsvRow(_number, fields, start, _at)
            : throw Malformed("has text after a closing quote");
    }

    private string ReadUnquoted()
    {
        var start = _at;
        while (_at < text.Length && text[_at] != delimiter && text[_at] is not ('\r' or '\n'))
        {
            if (text[_at++] == '"')
            {
                throw Malformed("has a quote in an unquoted field");
            }
        }

        return text[start.._at];
    }

    private string ReadQuoted()
    {
        var field = new StringBuilder();
        _at++;
        while (true)
        {
            var length = text.AsSpan(_at).IndexOf('"');
            if (length < 0)
            {
                throw Malformed("has an unclosed quote");
            }

            field.Append(text, _at, length);
            _at += length + 1;
            if (_at == text.Length || text[_at] != '"')
            {
                return field.ToString();
            }

            field.Append('"');
            _at++;
        }
    }

    private ProblemException Malformed(string reason) =>
        AtomErrors.UnreadableAsset(string.Create(CultureInfo.InvariantCulture, $"Row {_number} {reason}."));
}
