namespace Nexus.Server.Audit.Transparency;

/// <summary>An external receiver of every published checkpoint, so that not even the operator can rewrite a log unnoticed.</summary>
internal interface ICheckpointSink
{
    /// <summary>Sends a note and returns when it was delivered. Not called concurrently.</summary>
    /// <exception cref="SinkException">The note was not delivered.</exception>
    Task SendAsync(string note, CancellationToken cancellationToken);
}

/// <summary>A note was not delivered. The message is safe to show to anyone: it contains no path, URL or text of the receiver.</summary>
internal sealed class SinkException(string message) : Exception(message);
