using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Redaction;
using Nexus.Redaction.Detectors;
using Nexus.Testing.Redaction;

namespace Nexus.Bench.Rows;

/// <summary>How much of a labelled set the detectors find, how much of what they find is labelled, and what looking costs.</summary>
internal static class PiiRows
{
    private static readonly (string Label, PiiKind Kind, double Reach)[] _kinds =
    [
        ("EMAIL_ADDRESS", PiiKind.Email, 0.98), ("CREDIT_CARD", PiiKind.Card, 0.98), ("IBAN_CODE", PiiKind.Iban, 0.98),
        ("IP_ADDRESS", PiiKind.Ip, 0.98), ("US_SSN", PiiKind.Ssn, 0.98), ("PHONE_NUMBER", PiiKind.Phone, 0.9),
    ];

    public static Task<bool> RunAsync(Arguments arguments)
    {
        var met = Quality();
        var worst = WorstCaseTexts.All(WorstCaseTexts.Length)
            .Select(
                text =>
                    (Milliseconds: Fastest(arguments.Rounds, () => new Redactor(null).CreateSession("t_bench").Redact(text)), Text: text))
            .MaxBy(run => run.Milliseconds);
        met &= Report.AtMost(
            $"redaction of 64 Ki characters, the worst of {WorstCaseTexts.Pieces.Length * 2} texts made to be slow",
            worst.Milliseconds,
            100,
            "ms",
            nexus: $"`{worst.Text[..24].ReplaceLineEndings(" ")}…`");
        var usual =
            JsonNode.Parse(
                """{"agentId":"0192f3a4-5678-7123-8456-789012345678","input":{"card_type":"note","version":"v1","chars":712},"output":{"revision":1},"surface":"nexus"}""")!;
        const int Times = 100_000;
        var micros = Fastest(arguments.Rounds, () =>
        {
            for (var time = 0; time < Times; time++)
            {
                new Redactor(null).CreateSession("t_bench").Redact(usual);
            }
        }) * 1000 / Times;
        return Task.FromResult(Report.AtMost("redaction of the content of a usual event, which holds nothing", micros, 5, "µs") & met);
    }

    private static bool Quality()
    {
        if (SharedData.Find("pii", "generated_large.json") is not { } file)
        {
            Console.Error.WriteLine("Skipped pii: ../shared/data/pii is not here.");
            return true;
        }

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var texts = document.RootElement.EnumerateArray().Select(Labelled.Of).ToList();
        var met = true;
        foreach (var (label, kind, reach) in _kinds)
        {
            var spans = texts.Sum(text => text.Spans.Count(span => span.Label == label));
            var found = texts.Sum(
                text =>
                    text.Spans.Count(
                        span =>
                            span.Label == label
                                && text.Found.Any(
                                    finding => finding.Kind == kind && finding.Start <= span.Start && finding.End >= span.End)));
            var findings = texts.Sum(text => text.Found.Count(finding => finding.Kind == kind));
            var right = texts.Sum(
                text =>
                    text.Found.Count(
                        finding =>
                            finding.Kind == kind
                                && text.Spans.Any(span => span.Label == label && finding.Start < span.End && finding.End > span.Start)));
            met &= Report.AtLeast($"{label}: recall", (double)found / spans, reach, $"{found} of {spans} spans");
            met &= Report.AtLeast(
                $"{label}: precision",
                findings == 0 ? 0 : (double)right / findings,
                reach,
                $"{right} of {findings} findings");
        }

        var model = texts.SelectMany(text => text.Spans)
            .Where(span => !_kinds.Any(kind => kind.Label == span.Label))
            .CountBy(span => span.Label)
            .OrderByDescending(label => label.Value);
        Console.WriteLine(
            $"| needs a model, or is no kind of "
            + $"ours: {string.Join(", ", model.Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Key} {label.Value}")))} |  |  |  |  |  |");
        Mistakes(texts);
        return met;
    }

    private static void Mistakes(List<Labelled> texts)
    {
        foreach (var text in texts)
        {
            foreach (var span in text.Spans.Where(
                span =>
                    _kinds.Any(
                        kind =>
                            kind.Label == span.Label
                                && !text.Found.Any(
                                    finding => finding.Kind == kind.Kind && finding.Start <= span.Start && finding.End >= span.End))))
            {
                Console.Error.WriteLine($"missed {span.Label} {text.Text[span.Start..span.End]} in {text.Text.ReplaceLineEndings(" ")}");
            }

            foreach (var finding in text.Found.Where(
                finding =>
                    _kinds.Any(kind => kind.Kind == finding.Kind)
                        && !text.Spans.Any(
                            span =>
                                _kinds.Any(kind => kind.Label == span.Label && kind.Kind == finding.Kind)
                                    && finding.Start < span.End
                                    && finding.End > span.Start)))
            {
                Console.Error.WriteLine(
                    $"took for {finding.Kind} {text.Text[finding.Start..finding.End]} in {text.Text.ReplaceLineEndings(" ")}");
            }
        }
    }

    private static double Fastest(int rounds, Action run)
    {
        var fastest = double.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            run();
            fastest = Math.Min(fastest, clock.Elapsed.TotalMilliseconds);
        }

        return fastest;
    }

    private sealed record Labelled(string Text, List<(string Label, int Start, int End)> Spans, List<Finding> Found)
    {
        // Positions of the set count code points.
        public static Labelled Of(JsonElement entry)
        {
            var text = entry.GetProperty("full_text").GetString()!;
            var units = new List<int>();
            for (var at = 0; at < text.Length; at += char.IsHighSurrogate(text[at]) ? 2 : 1)
            {
                units.Add(at);
            }

            units.Add(text.Length);
            return new Labelled(
                text,
                entry.GetProperty("spans")
                    .EnumerateArray()
                    .Select(
                        span =>
                            (span.GetProperty("entity_type")
                                .GetString()!, units[span.GetProperty("start_position")
                                .GetInt32()], units[span.GetProperty("end_position").GetInt32()]))
                    .ToList(),
                Scanner.Find(text));
        }
    }
}
