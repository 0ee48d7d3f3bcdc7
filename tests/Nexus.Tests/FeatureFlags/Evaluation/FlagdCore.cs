using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>The npm package <c>@openfeature/flagd-core</c>, unmodified, in a process of its own.</summary>
internal static class FlagdCore
{
    private static readonly JsonSerializerOptions _wire = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Evaluates every question at one time, in order.</summary>
    public static async Task<IReadOnlyList<Answer>> AskAsync(IReadOnlyList<Question> questions, DateTimeOffset now, CancellationToken ct)
    {
        using var node = NpmScript.Start(
            "flagd-core.mjs",
            now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        var errors = node.StandardError.ReadToEndAsync(ct);
        var asking = Task.Run(() => WriteAsync(node, questions, ct), ct);
        var answers = new List<Answer>(questions.Count);
        while (await node.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            answers.Add(JsonSerializer.Deserialize<Answer>(line, _wire)!);
        }

        await asking;
        await node.WaitForExitAsync(ct);
        answers.Count.ShouldBe(questions.Count, await errors);
        return answers;
    }

    private static async Task WriteAsync(Process node, IReadOnlyList<Question> questions, CancellationToken ct)
    {
        foreach (var question in questions)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question, _wire).AsMemory(), ct);
        }

        node.StandardInput.Close();
    }

    /// <summary>What flagd-core is asked.</summary>
    /// <param name="Config">A flagd configuration of one flag.</param>
    /// <param name="Key">That flag.</param>
    /// <param name="Type">The JavaScript type of its variants.</param>
    /// <param name="Contexts">What it is evaluated for.</param>
    public sealed record Question(string Config, string Key, string Type, JsonElement[] Contexts);

    /// <summary>What it answers.</summary>
    /// <param name="Results">One of each context.</param>
    /// <param name="Error">Why the configuration is refused.</param>
    public sealed record Answer(Outcome[]? Results, string? Error);

    public sealed record Outcome(string? Variant, string? Reason, string? ErrorCode, string? Thrown);
}
