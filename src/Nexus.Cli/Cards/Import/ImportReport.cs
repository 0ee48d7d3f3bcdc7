using System.Text.Json.Serialization;

namespace Nexus.Cli.Cards.Import;

/// <summary>What became of the files of an import.</summary>
internal sealed record ImportReport
{
    /// <summary>Card files found.</summary>
    public required int Files { get; init; }

    /// <summary>Files that are cards now.</summary>
    public required IReadOnlyList<ImportedFile> Imported { get; init; }

    /// <summary>Files that were refused, in the order of their paths.</summary>
    public required IReadOnlyList<RefusedFile> Refused { get; init; }

    /// <summary>Files whose fate is unknown or that were never sent, because the import was cut short.</summary>
    public int Unsettled => Files - Imported.Count - Refused.Count;

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }
}

/// <summary>A file and the card it became.</summary>
internal sealed record ImportedFile(string File, string CardId);

/// <summary>A file that did not become a card, with the server's code and sentence.</summary>
internal sealed record RefusedFile(string File, string Code, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImportReport))]
internal sealed partial class ImportReportJson : JsonSerializerContext;
