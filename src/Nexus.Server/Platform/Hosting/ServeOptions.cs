namespace Nexus.Server.Platform.Hosting;

/// <summary>How <c>nexus serve</c> was asked to run.</summary>
public sealed record ServeOptions
{
    /// <summary>Where everything is kept that is not on another server.</summary>
    public string DataFolder { get; init; } = "./nexus-data";

    /// <summary>URLs to listen on, separated by <c>;</c>; null: configuration's, else <c>http://127.0.0.1:5400</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>Whether to load the samples into <c>t_demo</c> and print a token.</summary>
    public bool Demo { get; init; }

    /// <summary>Whether to make a new key that signs the log from now on.</summary>
    public bool RotateLogKey { get; init; }

    /// <summary>Whether to begin a new epoch in each log that is behind what was signed of it.</summary>
    public bool BeginEpoch { get; init; }

    /// <summary>Whether to refuse rather than begin a store where none is: a mistyped folder must not become a new service.</summary>
    public bool MustExist { get; init; }

    /// <summary>Takes the words for whoever started the service, when it listens; null: nobody wants them.</summary>
    public Action<string>? Announce { get; init; }

    /// <summary>The clock that the service goes by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Settings over those of the environment, such as <c>Nexus:Database:Engine</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
