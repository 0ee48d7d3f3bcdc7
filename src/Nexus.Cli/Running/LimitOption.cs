using System.CommandLine;

namespace Nexus.Cli.Running;

/// <summary>How many records a list shows: <c>--limit</c>, over as many pages as it takes.</summary>
internal static class LimitOption
{
    /// <summary>The option; it refuses what is below 1.</summary>
    /// <param name="description">What is counted.</param>
    public static Option<int> Create(string description)
    {
        var limit = new Option<int>("--limit") { Description = description, HelpName = "n", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--limit must be 1 or more.");
            }
        });
        return limit;
    }
}
