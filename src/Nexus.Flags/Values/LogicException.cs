using System.Globalization;

namespace Nexus.Flags.Values;

/// <summary>
/// A targeting that has no outcome, where JavaScript throws. On writing a definition it is a fault of that definition, on
/// evaluating the error <c>GENERAL</c>; it never leaves the evaluation. The message says what an operation does wrong.
/// </summary>
internal sealed class LogicException(string message) : Exception(message)
{
    /// <summary>The JSON pointer of the operation, once known.</summary>
    public string? Path { get; set; }

    /// <summary>The operation, once known.</summary>
    public string? Operator { get; set; }

    public static LogicException NotANumber() => new("is given something that is not a number");

    public static LogicException InvalidArguments() => new("takes other arguments");

    public static LogicException WrongType(string needed) => new($"needs {needed}");

    public static LogicException TooLong() => new(string.Create(CultureInfo.InvariantCulture, $"takes more than {FlagLimits.Steps} steps"));

    /// <summary>Remembers the innermost operation it came from.</summary>
    public LogicException At(string? path, string @operator)
    {
        Operator ??= @operator;
        Path ??= path;
        return this;
    }
}
