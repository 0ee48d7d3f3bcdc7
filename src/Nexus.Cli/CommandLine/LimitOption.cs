using System.CommandLine;
using System.Globalization;

namespace Nexus.Cli.CommandLine;

/// <summary><c>--limit</c>: the maximum number of records to list, over as many pages as needed.</summary>
internal static class LimitOption
{
    public static Option<int> Create(string description)
    {
        var limit = new Option<int>("--limit") { Description = description, HelpName = "n", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var count) && count < 1)
            {
                result.AddError("--limit must be at least 1.");
            }
        });
        return limit;
    }
}
