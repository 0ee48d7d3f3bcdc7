namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>The section <c>Nexus:Blobs</c>.</summary>
internal sealed class BlobOptions
{
    /// <summary>The most that one <c>POST</c> form or copy of S3 takes.</summary>
    private const long MaxOfS3 = 5L << 30;

    /// <summary><c>files</c> (a folder in the data folder) or <c>s3</c>.</summary>
    public string Engine { get; set; } = "files";

    /// <summary>Most bytes of one upload.</summary>
    public long MaxBytes { get; set; } = 100 << 20;

    /// <summary>The bucket; for <c>s3</c>, as are all below.</summary>
    public string? Bucket { get; set; }

    /// <summary>The URL of a store that speaks S3; absent: Amazon's in the region.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The region that signatures name.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The key's id.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Every mistake at once, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (Engine is not ("files" or "s3"))
        {
            yield return "Nexus:Blobs:Engine must be files or s3.";
        }

        if (MaxBytes is < 1 or > MaxOfS3)
        {
            yield return "Nexus:Blobs:MaxBytes must be from 1 to 5368709120.";
        }

        if (Engine != "s3")
        {
            yield break;
        }

        foreach (var (name, value) in new[] { ("Bucket", Bucket), ("Region", Region), ("AccessKey", AccessKey), ("SecretKey", SecretKey) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"Nexus:Blobs:{name} is required for s3.";
            }
        }

        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0))
        {
            yield return "Nexus:Blobs:Endpoint must be an http or https URL without a query.";
        }
    }
}
