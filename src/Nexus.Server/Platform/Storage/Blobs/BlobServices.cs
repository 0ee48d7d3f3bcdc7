namespace Nexus.Server.Platform.Storage.Blobs;

/// <summary>Wires the store of uploaded bytes: S3 or a folder.</summary>
internal static class BlobServices
{
    private const string UploadKey = "uploads";

    public static void AddBlobs(this IServiceCollection services, BlobOptions options, string folder)
    {
        services.AddSingleton(options);
        if (options.Engine == "s3")
        {
            services.AddSingleton<IBlobStore>(new S3BlobStore(options));
            return;
        }

        services.AddSecretKey(UploadKey);
        services.AddSingleton(provider => new FileBlobStore(folder, provider.GetRequiredService<SecretStore>().GetKey(UploadKey)));
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<FileBlobStore>());
    }
}
