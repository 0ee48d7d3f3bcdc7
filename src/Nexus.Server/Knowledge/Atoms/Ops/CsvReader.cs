using System.Text;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>One row.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Fields">Unquoted.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends, its line end excluded.</param>
internal sealed record CsvRow(int Number, IReadOnlyList<string> Fields, int Start, int End);

/// <summary>
/// RFC 4180, read strictly: a quote stands at a field's edges only, doubled within. Rows end with CR LF, LF or CR; empty lines are passed over.
/// </summary>
internal sealed class CsvReader(string text, char delimiter)
{
    private const int MaxFields = 1_000;

    private int _at;
    private int _number;

    /// <summary>The next row, or null at the end.</summary>
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

        return _at == text.Length || text[_at] is '\r' or '\n' ? new CsvRow(_number, fields, start, _at) : throw Malformed("has text after a closing quote");
    }

    private string ReadUnquoted()
    {
        var start = _at;
        while (_at < text.Length && text[_at] != delimiter && text[_at] is not ('\r' or '\n'))
        {
            if (text[_at++] == '"')
            {
                throw Malformed("has a quote within an unquoted field");
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
                throw Malformed("has a quote that is not closed");
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

    private ProblemException Malformed(string what) => AtomErrors.UnreadableAsset(string.Create(CultureInfo.InvariantCulture, $"Row {_number} {what}."));
}
