using System.Collections;
using System.ComponentModel;
using System.Numerics;
using System.Reflection;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Hosting;

/// <summary>
/// The settings that <see cref="NexusOptions"/> has, found by reflection. The configuration binder knows them too, but it stops
/// at the first mistake; this names every unknown setting and every value of the wrong kind.
/// </summary>
internal static class SettingNames
{
    /// <summary>Stands for an index of a list or a key of a dictionary.</summary>
    private const string AnyName = "*";

    private static readonly List<(string[] Path, Type Type)> _settings = [.. GetSettings(typeof(NexusOptions), ["Nexus"])];

    /// <summary>What is wrong with a configured setting, apart from rules about its value; null: nothing.</summary>
    /// <param name="key">The full key, such as <c>Nexus:RateLimits:Limit</c>.</param>
    /// <param name="value">The configured value.</param>
    public static string? FindMistake(string key, string value)
    {
        var path = key.Split(ConfigurationPath.KeyDelimiter);
        if (_settings.FirstOrDefault(setting => Matches(setting.Path, path)) is { Type: { } type })
        {
            return CanConvert(type, value) ? null : DescribeWrongKind(key, value, type);
        }

        // A section may have a value of its own: JSON's empty list is one.
        if (_settings.Exists(setting => setting.Path.Length > path.Length && Matches(setting.Path[..path.Length], path)))
        {
            return null;
        }

        var start = path[0] + ConfigurationPath.KeyDelimiter;
        var nearest = Suggestions.Nearest(key[start.Length..], _settings.Select(setting => FillIn(setting.Path, path)[start.Length..]));
        return $"Unknown setting {key}. "
            + (nearest is null ? "docs/operations.md lists the settings." : $"Did you mean {start}{nearest}?");
    }

    private static IEnumerable<(string[] Path, Type Type)> GetSettings(Type type, string[] path)
    {
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
        {
            return GetSettings(type.GetGenericArguments()[^1], [.. path, AnyName]);
        }

        return TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string))
            ? [(path, type)]
            : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
                .SelectMany(property => GetSettings(property.PropertyType, [.. path, property.Name]));
    }

    private static bool Matches(string[] setting, string[] path) => setting.Length == path.Length
        && setting.Zip(path).All(pair => pair.First == AnyName || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    /// <summary>A setting's key with the indexes and names that were written in the same place.</summary>
    private static string FillIn(string[] setting, string[] path) => ConfigurationPath.Combine(
        setting.Select((name, i) => name != AnyName ? name : i < path.Length ? path[i] : "0"));

    private static bool CanConvert(Type type, string value)
    {
        try
        {
            TypeDescriptor.GetConverter(type).ConvertFromInvariantString(value); // as the binder does it
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string DescribeWrongKind(string key, string value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var isInteger = BigInteger.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
        return type == typeof(Uri) ? $"{key} is not a URL." // not repeated, since a URL may contain a password
            : type == typeof(bool) ? $"{key}: '{value}' is not true or false."
            : type == typeof(double) ? $"{key}: '{value}' is not a number."
            : isInteger ? $"{key}: '{value}' is out of range."
            : $"{key}: '{value}' is not an integer.";
    }
}
