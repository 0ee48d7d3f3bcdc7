using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Says why a record cannot be read from a JSON value: the fields that are unknown, missing or of another kind. It walks the value along
/// the record's own contract, so that it never depends on the serializer's messages, which name our types.
/// </summary>
internal static class JsonErrors
{
    private const int MaxErrors = 20;

    /// <summary>What is wrong, at most 20 errors; none where the value fits the record.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="type">The record.</param>
    /// <param name="ignored">Members of the value that are not meant for the record.</param>
    public static IReadOnlyList<FieldError> Find(JsonElement value, JsonTypeInfo type, IReadOnlyCollection<string> ignored)
    {
        var errors = new List<FieldError>();
        Walk(value, type, "", ignored, errors);
        return errors;
    }

    private static void Walk(
        JsonElement value, JsonTypeInfo type, string path, IReadOnlyCollection<string> ignored, List<FieldError> errors)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                WalkObject(value, type, path, ignored, errors);
                break;
            case JsonTypeInfoKind.Dictionary when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject().TakeWhile(_ => errors.Count < MaxErrors))
                {
                    WalkItem(member.Value, type, Join(path, member.Name), errors);
                }

                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray().TakeWhile(_ => errors.Count < MaxErrors))
                {
                    WalkItem(item, type, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), errors);
                }

                break;
            case JsonTypeInfoKind.None when CanRead(value, type):
                break;
            default:
                errors.Add(WrongKind(path.Length == 0 ? "$" : path, value, type));
                break;
        }
    }

    private static void WalkObject(
        JsonElement value, JsonTypeInfo type, string path, IReadOnlyCollection<string> ignored, List<FieldError> errors)
    {
        var known = type.Properties.Select(property => property.Name).ToList();
        var meant = new List<string>();
        var members = value.EnumerateObject().Where(member => !ignored.Contains(member.Name));
        foreach (var member in members.TakeWhile(_ => errors.Count < MaxErrors))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                errors.Add(FieldError.Unknown(Join(path, member.Name), member.Name, known));
                meant.AddRange(Suggestions.Nearest(member.Name, known) is { } nearest ? [nearest] : []);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Walk(member.Value, property.Options.GetTypeInfo(property.PropertyType), Join(path, property.Name), [], errors);
            }
            else if (!TakesNull(property))
            {
                errors.Add(WrongKind(Join(path, property.Name), member.Value, property.Options.GetTypeInfo(property.PropertyType)));
            }
        }

        // A required field that was only misspelt is told of once.
        errors.AddRange(type.Properties.Where(
            property => property.IsRequired && !value.TryGetProperty(property.Name, out _) && !meant.Contains(property.Name))
            .Select(property => FieldError.Missing(Join(path, property.Name), Join(path, property.Name))));
    }

    private static void WalkItem(JsonElement item, JsonTypeInfo owner, string path, List<FieldError> errors)
    {
        var type = owner.Options.GetTypeInfo(owner.ElementType!);
        if (item.ValueKind != JsonValueKind.Null)
        {
            Walk(item, type, path, [], errors);
        }
        else if (type.Type.IsValueType && Nullable.GetUnderlyingType(type.Type) is null && type.Type != typeof(JsonElement))
        {
            errors.Add(WrongKind(path, item, type));
        }
    }

    private static bool TakesNull(JsonPropertyInfo property) =>
        property.PropertyType == typeof(JsonElement) || property.PropertyType == typeof(JsonElement?)
        || (property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : property.IsSetNullable && property.AssociatedParameter?.IsNullable != false);

    private static bool CanRead(JsonElement value, JsonTypeInfo type)
    {
        try
        {
            value.Deserialize(type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static FieldError WrongKind(string path, JsonElement value, JsonTypeInfo type) =>
        new(path, DescribeKind(value, type)) { NeedsField = true };

    private static string DescribeKind(JsonElement value, JsonTypeInfo type)
    {
        var got = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => "null",
        };
        var wanted = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => $"Expected object, got {got}.",
            JsonTypeInfoKind.Enumerable => $"Expected array, got {got}.",
            _ when wanted == typeof(int) && got == "number" =>
                string.Create(
                    CultureInfo.InvariantCulture, $"Expected integer from {int.MinValue} to {int.MaxValue}, got {value.GetRawText()}."),
            _ when wanted == typeof(long) && got == "number" =>
                string.Create(
                    CultureInfo.InvariantCulture, $"Expected integer from {long.MinValue} to {long.MaxValue}, got {value.GetRawText()}."),
            _ when wanted == typeof(int) || wanted == typeof(long) => $"Expected integer, got {got}.",
            _ when wanted == typeof(double) || wanted == typeof(decimal) => $"Expected number, got {got}.",
            _ when wanted == typeof(bool) => $"Expected boolean, got {got}.",
            _ when wanted == typeof(DateTimeOffset) && got == "string" =>
                $"Expected RFC 3339 time, for example {RequestParameters.ExampleTime}.",
            _ when wanted == typeof(DateTimeOffset) => $"Expected RFC 3339 time as a string, got {got}.",
            _ when wanted == typeof(string) => $"Expected string, got {got}.",
            _ => $"Unexpected {got}.",
        };
    }

    private static string Join(string path, string name)
    {
        // Names of fields are ours and short; a caller's own is cut.
        name = name.Length <= Suggestions.MaxQuoted ? name : Suggestions.Quote(name)[1..^1];
        return path.Length == 0 ? name : $"{path}.{name}";
    }
}
