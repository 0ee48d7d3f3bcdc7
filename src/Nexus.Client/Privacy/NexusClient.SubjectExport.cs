namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>All that the tenant stores of a person, a ZIP to be read while it comes; dispose the stream. Yourself, or as an admin anybody.</summary>
    /// <param name="userId">The person; null is the caller.</param>
    /// <param name="cancellationToken">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenSubjectExportAsync(string? userId = null, CancellationToken cancellationToken = default)
    {
        var response = await SendAsync(HttpMethod.Get, "privacy/subject-export" + new QueryStringBuilder().Add("user_id", userId), RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
