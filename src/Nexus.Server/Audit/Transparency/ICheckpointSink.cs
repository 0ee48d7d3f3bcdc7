namespace Nexus.Server.Audit.Transparency;

/// <summary>A place outside that receives every published checkpoint, so that not even the operator can rewrite a log unseen.</summary>
internal interface ICheckpointSink
{
    /// <summary>Sends a note and returns when it has arrived. One at a time.</summary>
    /// <exception cref="SinkException">It did not arrive.</exception>
    Task SendAsync(string note, CancellationToken cancellationToken);
}

/// <summary>A note did not arrive. The message is fit for anybody: it names no path, URL or words of others.</summary>
internal sealed class SinkException(string message) : Exception(message);
