using Microsoft.Extensions.Options;

namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>The section <c>Nexus:Blobs</c>.</summary>
internal sealed class BlobOptions
{
    /// <summary><c>files</c> (a folder in the data folder) or <c>s3</c>.</summary>
    public string Engine { get; set; } = "files";

    /// <summary>Maximum size of one upload in bytes.</summary>
    public long MaxBytes { get; set; } = 100 << 20;

    /// <summary>The bucket. For <c>s3</c>, as are all settings below.</summary>
    public string? Bucket { get; set; }

    /// <summary>The URL of an S3-compatible store. Null: Amazon's in the region.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The region used in signatures.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The access key's id.</summary>
    public string? AccessKey { get; set; }

    /// <summary>The access key's secret.</summary>
    public string? SecretKey { get; set; }
}

/// <summary>Validates <see cref="BlobOptions"/>.</summary>
internal sealed class BlobOptionsValidator : IValidateOptions<BlobOptions>
{
    /// <summary>The largest object that S3 accepts in one <c>POST</c> form or copy.</summary>
    private const long MaxS3Bytes = 5L << 30;

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, BlobOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Engine is not ("files" or "s3"))
        {
            errors.AddError($"Nexus:Blobs:Engine must be files or s3, not '{options.Engine}'.");
        }

        if (options.MaxBytes is < 1 or > MaxS3Bytes)
        {
            errors.AddError($"Nexus:Blobs:MaxBytes must be 1 to {MaxS3Bytes}, not {options.MaxBytes}.");
        }

        if (options.Engine != "s3")
        {
            return errors.Build();
        }

        foreach (var (key, value) in new[]
        {
            ("Bucket", options.Bucket), ("Region", options.Region), ("AccessKey", options.AccessKey), ("SecretKey", options.SecretKey),
        })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                errors.AddError($"Nexus:Blobs:{key} is required for s3.");
            }
        }

        if (options.Endpoint is not null
            && !(Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var url)
                && url.Scheme is "http" or "https" && url.Query.Length == 0))
        {
            errors.AddError("Nexus:Blobs:Endpoint must be an http or https URL without a query.");
        }

        return errors.Build();
    }
}
