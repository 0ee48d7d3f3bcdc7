namespace Nexus.Server.Platform.Storage;

/// <summary>A statement that returns no rows, run once for each row of values.</summary>
/// <param name="Sql">Its text. Parameters are <c>$1</c>, <c>$2</c> …, the values of a row in order.</param>
/// <param name="Rows">Text, whole numbers, truth values, bytes or null.</param>
internal readonly record struct BatchStatement(string Sql, IReadOnlyList<object?[]> Rows);
