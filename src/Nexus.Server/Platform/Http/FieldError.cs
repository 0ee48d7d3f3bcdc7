namespace Nexus.Server.Platform.Http;

/// <summary>What is wrong with one field of a body, or one parameter.</summary>
/// <param name="Field">Its path, such as <c>budget.max_chars</c>; <c>$</c> for the whole body.</param>
/// <param name="Message">What stands under the field in <c>errors</c>: a predicate in lower case ("must be …") or a sentence.</param>
internal sealed record FieldError(string Field, string Message)
{
    /// <summary>Whether <see cref="Message"/> is a sentence that does not say which field it is about.</summary>
    public bool NeedsField { get; init; }

    /// <summary>The message as a sentence that can stand alone.</summary>
    public string Sentence =>
        char.IsLower(Message[0]) ? $"{(Field == "$" ? "The body" : $"`{Field}`")} {Message}"
        : NeedsField && Field != "$" ? $"`{Field}`: {Message}"
        : Message;

    /// <summary>A field that the record does not have.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="name">Its last part.</param>
    /// <param name="known">The fields that the record has.</param>
    public static FieldError Unknown(string path, string name, IEnumerable<string> known) =>
        new(path, Suggestions.Unknown("field", name, known, shown: path));

    /// <summary>A field that must be there.</summary>
    public static FieldError Missing(string path, string name) => new(path, $"Missing required field `{name}`.");

    /// <summary>A value that is not one of a closed set.</summary>
    /// <param name="field">Its path.</param>
    /// <param name="kind">What it should have been, such as <c>role</c>.</param>
    /// <param name="value">What was sent.</param>
    /// <param name="allowed">The set.</param>
    /// <param name="hint">Where to find the whole set, as a sentence; null: a short set is listed.</param>
    public static FieldError UnknownValue(string field, string kind, string? value, IEnumerable<string> allowed, string? hint = null) =>
        new(field, Suggestions.Unknown(kind, value, allowed, hint));
}
