using System.Globalization;

namespace Nexus.Bench;

/// <summary>What one run measures, and for how long.</summary>
internal sealed record Arguments(string Row, string? Engine, int Rounds, TimeSpan Window, int Connections)
{
    public const string Usage =
        "bench <row|all> [--engine sqlite|postgres] [--rounds 3] [--seconds 5] [--connections 32]\n" +
        "bench cranfield DIR          writes the Cranfield abstracts as front-matter files\n" +
        "bench crash [--engine sqlite|postgres] [--kills 100]\n" +
        "bench floor sqlite|postgres URL STORE   serves the floor (used by the rows themselves)";

    /// <summary>Null, with the reason on the error stream, when the command line is not understood.</summary>
    public static Arguments? Parse(string[] args)
    {
        var result = new Arguments("", null, 3, TimeSpan.FromSeconds(5), 32);
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            Arguments? next = args[i] switch
            {
                "--engine" when value is "sqlite" or "postgres" => result with { Engine = value },
                "--rounds" when Number(value) is { } n => result with { Rounds = n },
                "--seconds" when Number(value) is { } n => result with { Window = TimeSpan.FromSeconds(n) },
                "--connections" when Number(value) is { } n => result with { Connections = n },
                ['-', ..] => null,
                var row when result.Row.Length == 0 => result with { Row = row },
                _ => null,
            };
            if (next is null)
            {
                Console.Error.WriteLine($"Not understood: {string.Join(' ', args[i..])}\n{Usage}");
                return null;
            }

            i += args[i].StartsWith('-') ? 1 : 0;
            result = next;
        }

        return result.Row.Length == 0 ? result with { Row = "all" } : result;
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0 ? n : null;
}
