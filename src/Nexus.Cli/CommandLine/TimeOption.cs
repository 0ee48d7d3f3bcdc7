using System.CommandLine;
using System.Globalization;

namespace Nexus.Cli.CommandLine;

/// <summary>An option whose value is a point in time; without an offset it is UTC.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }

            result.AddError($"Invalid time '{text}' for {name}. Example: 2026-01-31T00:00:00Z");
            return null;
        },
    };
}
