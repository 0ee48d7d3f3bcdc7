using System.Globalization;
using System.Text.Json;

namespace Nexus.Flags;

/// <summary>Reads the variants of a flag: named values of one type, boolean, text, number or object.</summary>
internal static class FlagVariants
{
    private const string Path = "/variants";

    /// <summary>Reads them; what is wrong is added to the faults.</summary>
    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static Dictionary<string, JsonElement> Read(JsonElement? element, List<FlagFault> faults)
    {
        var variants = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (element is not { ValueKind: JsonValueKind.Object } given || given.GetPropertyCount() == 0)
        {
            faults.Add(new FlagFault(Path, "Variants are an object of at least one: names with their values."));
            return variants;
        }

        string? first = null;
        foreach (var property in given.EnumerateObject())
        {
            var (path, type) = ($"{Path}/{JsonPointer.Escape(property.Name)}", TypeOf(property.Value));
            if (property.Name.Length is 0 or > FlagLimits.NameLength)
            {
                faults.Add(new FlagFault(path, string.Create(CultureInfo.InvariantCulture, $"A variant has a name of 1 to {FlagLimits.NameLength} characters.")));
            }

            if (type is null)
            {
                faults.Add(new FlagFault(path, "A variant is a boolean, a text, a number or an object."));
            }
            else if (type != (first ??= type))
            {
                faults.Add(new FlagFault(path, $"Variants are of one type, and the first is {first}."));
            }

            variants[property.Name] = property.Value.Clone();
        }

        return variants;
    }

    private static string? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        _ => null,
    };
}
