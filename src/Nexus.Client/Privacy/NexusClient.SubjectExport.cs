namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>
    /// Exports everything the tenant stores about a person, as a ZIP stream. Dispose the stream. Admins can export anybody, others only
    /// themselves.
    /// </summary>
    /// <param name="userId">The person. Null: the caller.</param>
    /// <param name="cancellationToken">Cancels the request, not the stream.</param>
    public async Task<Stream> OpenSubjectExportAsync(string? userId = null, CancellationToken cancellationToken = default)
    {
        var response = await SendAsync(
            HttpMethod.Get,
            "privacy/subject-export" + new QueryStringBuilder().Add("user_id", userId),
            RequestHeaders.Read,
            null,
            cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
