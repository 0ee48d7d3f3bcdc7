using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>
/// Bytes as objects of one bucket of S3, or of a store that speaks it. Callers upload to it directly, by a form that it verifies itself.
/// </summary>
internal sealed class S3BlobStore : IBlobStore, IDisposable
{
    private readonly AmazonS3Client _s3;
    private readonly string _bucket;
    private readonly string _url;
    private readonly PostPolicySigner _policySigner;

    /// <summary>Opens the store; nothing is sent yet.</summary>
    public S3BlobStore(BlobOptions options)
    {
        _bucket = options.Bucket!;
        _url = options.Endpoint is { } endpoint
            ? $"{endpoint.TrimEnd('/')}/{_bucket}"
            : $"https://{_bucket}.s3.{options.Region}.amazonaws.com/";
        _policySigner = new PostPolicySigner(options.AccessKey!, options.SecretKey!, options.Region, _bucket);
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            ForcePathStyle = options.Endpoint is not null,
            MaxErrorRetry = 2,
            // Stores other than Amazon's refuse checksums in trailers.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is not null)
        {
            config.ServiceURL = options.Endpoint;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        _s3 = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    /// <inheritdoc />
    public bool ReceivesUploads => false;

    /// <inheritdoc />
    public string GetUri(string key) => $"s3://{_bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    /// <inheritdoc />
    public PresignedPost PresignUpload(string service, UploadConstraints rules) => new(_url, _policySigner.Sign(rules));

    /// <inheritdoc />
    public async ValueTask<Blob?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        var found = await SendAsync(
            () => _s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _bucket, Key = key }, cancellationToken),
            HttpStatusCode.NotFound);
        return found is null
            ? null
            : new Blob(
                key,
                new S3ObjectStream(range => OpenObjectAsync(key, found.ETag, range, cancellationToken), found.ContentLength),
                found.ContentLength,
                found.ETag);
    }

    /// <inheritdoc />
    public async ValueTask<bool> CopyAsync(Blob from, string to, CancellationToken cancellationToken) => await SendAsync(
        () => _s3.CopyObjectAsync(
            new CopyObjectRequest
            {
                SourceBucket = _bucket,
                SourceKey = from.Key,
                ETagToMatch = from.Version,
                DestinationBucket = _bucket,
                DestinationKey = to,
            },
            cancellationToken),
        HttpStatusCode.NotFound,
        HttpStatusCode.PreconditionFailed) is not null;

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string key, CancellationToken cancellationToken) =>
        await SendAsync(
            () => _s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _bucket, Key = key }, cancellationToken),
            HttpStatusCode.NotFound);

    /// <inheritdoc />
    public ValueTask DeleteAbandonedAsync(DateTimeOffset before, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => _s3.Dispose();

    private async Task<Stream> OpenObjectAsync(string key, string version, long from, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _bucket, Key = key, EtagToMatch = version };
        if (from > 0)
        {
            request.ByteRange = new ByteRange(string.Create(CultureInfo.InvariantCulture, $"bytes={from}-"));
        }

        var found = await SendAsync(
            () => _s3.GetObjectAsync(request, cancellationToken),
            HttpStatusCode.NotFound,
            HttpStatusCode.PreconditionFailed);
        return found?.ResponseStream ?? throw new StoreUnavailableException("An object was replaced or removed while it was read.");
    }

    /// <summary>Asks the store; null where it answers one of these statuses.</summary>
    private static async ValueTask<T?> SendAsync<T>(Func<Task<T>> ask, params HttpStatusCode[] none)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonServiceException exception) when (none.Contains(exception.StatusCode))
        {
            return null;
        }
        catch (Exception exception)
            when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new StoreUnavailableException("The object store cannot be reached, or refuses.", exception);
        }
    }
}
