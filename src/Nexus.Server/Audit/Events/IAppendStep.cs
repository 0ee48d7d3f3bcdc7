using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// What another part of the service adds to every append, inside the append's own write: the training decision, usage, runs.
/// The log knows none of them; each registers itself. Steps run in the order of their registration, and a step that throws fails the write.
/// </summary>
internal interface IAppendStep
{
    /// <summary>
    /// Decides whether the event may be trained on. Asked only where no personal data was found; the first step with an answer decides,
    /// and without any answer the event must not be trained on.
    /// </summary>
    /// <param name="session">The write. The head of its log is locked.</param>
    /// <param name="userId">The caller.</param>
    /// <param name="subjectId">The person the content is about where that is not the caller.</param>
    ValueTask<TrainingDecision?> DecideTrainingAsync(WriteSession session, string userId, string? subjectId) => default;

    /// <summary>Called once the event has its place in the log.</summary>
    void OnAppended(WriteSession session, in LoggedEvent appended)
    {
    }

    /// <summary>Called after contents were erased from the log.</summary>
    /// <param name="session">The write.</param>
    /// <param name="bytes">How many bytes of content are gone.</param>
    void OnContentErased(WriteSession session, long bytes)
    {
    }
}

/// <summary>An event that has its place in the log, as append steps see it.</summary>
/// <param name="Seq">Its place.</param>
/// <param name="RecordedAt">UTC microseconds.</param>
/// <param name="EventType">Such as <c>card_created</c>.</param>
/// <param name="TraceId">The run it belongs to.</param>
/// <param name="Bytes">The size of its entry and content.</param>
internal readonly record struct LoggedEvent(long Seq, long RecordedAt, string EventType, string TraceId, long Bytes);
