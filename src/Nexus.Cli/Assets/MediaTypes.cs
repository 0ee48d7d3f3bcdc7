namespace Nexus.Cli.Assets;

/// <summary>
/// Media types of the file extensions that the server's operations can read. The server supplies a default for all others.
/// </summary>
internal static class MediaTypes
{
    /// <summary>The media type for a file name, or null.</summary>
    public static string? FromFilename(string filename) => Path.GetExtension(filename).ToLowerInvariant() switch
    {
        ".txt" => "text/plain",
        ".md" or ".markdown" => "text/markdown",
        ".html" or ".htm" => "text/html",
        ".csv" => "text/csv",
        ".json" => "application/json",
        ".ndjson" or ".jsonl" => "application/x-ndjson",
        ".pdf" => "application/pdf",
        ".docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => null,
    };
}
