using System.Text.Json.Serialization;

namespace Nexus.Cli.Cards.Import;

/// <summary>The result of an import.</summary>
internal sealed record ImportReport
{
    public required int Files { get; init; }

    public required IReadOnlyList<ImportedFile> Imported { get; init; }

    /// <summary>The refused files, sorted by path.</summary>
    public required IReadOnlyList<RefusedFile> Refused { get; init; }

    /// <summary>Files that were not sent or whose result is unknown because the import stopped early.</summary>
    public int Unsettled => Files - Imported.Count - Refused.Count;

    public required double Seconds { get; init; }
}

/// <summary>A file and the card created from it.</summary>
internal sealed record ImportedFile(string File, string CardId);

/// <summary>A refused file with the server's error code and message.</summary>
internal sealed record RefusedFile(string File, string Code, string Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ImportReport))]
internal sealed partial class ImportReportJson : JsonSerializerContext;
