using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// A statement of the writer that returns no rows, bound by number. The driver's own commands look every parameter up by its name each
/// time they run, which costs as much as the insert.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly byte[] _utf8Buffer = new byte[16 << 10];

    // SQLite counts parameters as they come in the text: which value each of them takes.
    private readonly int[] _valueIndexes;

    /// <summary>Prepares it for as long as its connection is open.</summary>
    /// <exception cref="SqliteException">It is no statement.</exception>
    public PreparedStatement(sqlite3 connection, string text)
    {
        _connection = connection;
        var result = raw.sqlite3_prepare_v3(connection, text, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        SqliteException.ThrowExceptionForRC(result, connection);
        _valueIndexes = [.. Enumerable.Range(1, raw.sqlite3_bind_parameter_count(_statement)).Select(GetValueIndex)];
    }

    /// <summary>Runs it.</summary>
    /// <param name="values">Those of its <c>$1</c>, <c>$2</c> …: text, whole numbers, truth values, bytes or null.</param>
    /// <exception cref="SqliteException">It failed and changed nothing.</exception>
    public void Execute(ReadOnlySpan<object?> values)
    {
        if (values.Length != _valueIndexes.Length)
        {
            throw new ArgumentException($"The statement takes {_valueIndexes.Length} values and got {values.Length}.", nameof(values));
        }

        try
        {
            for (var place = 0; place < _valueIndexes.Length; place++)
            {
                SqliteException.ThrowExceptionForRC(Bind(place + 1, values[_valueIndexes[place]]), _connection);
            }

            if (raw.sqlite3_step(_statement) is var result and not raw.SQLITE_DONE)
            {
                SqliteException.ThrowExceptionForRC(result, _connection);
            }
        }
        finally
        {
            // What failed says so again here; it was thrown already.
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _statement.Dispose();

    // The name is $1 for the first value.
    private int GetValueIndex(int place) =>
        int.Parse(raw.sqlite3_bind_parameter_name(_statement, place).utf8_to_string()[1..], CultureInfo.InvariantCulture) - 1;

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        string text => BindText(place, text),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        bool isTrue => raw.sqlite3_bind_int(_statement, place, isTrue ? 1 : 0),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        _ => throw new ArgumentException(
            $"A {value.GetType().Name} cannot be stored: text, whole numbers, truth values, bytes and null can.", nameof(value)),
    };

    private int BindText(int place, string text)
    {
        // Most texts are short; the memory of a long one is not kept.
        var utf8 = text.Length <= _utf8Buffer.Length / 3 ? _utf8Buffer : new byte[Encoding.UTF8.GetByteCount(text)];
        return raw.sqlite3_bind_text(_statement, place, utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8)));
    }
}
