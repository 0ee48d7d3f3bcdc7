namespace Nexus.Server.Platform.Hosting;

/// <summary>The options of <c>nexus serve</c>.</summary>
public sealed record ServeOptions
{
    /// <summary>The folder for all data that is not on another server.</summary>
    public string DataFolder { get; init; } = "./nexus-data";

    /// <summary>The URLs to listen on, separated by <c>;</c>. Null: the configured ones, or else <c>http://127.0.0.1:5400</c>.</summary>
    public string? Urls { get; init; }

    /// <summary>Whether to load the samples into <c>t_demo</c> and print an API key.</summary>
    public bool Demo { get; init; }

    /// <summary>Whether to create a new key that signs the log from now on.</summary>
    public bool RotateLogKey { get; init; }

    /// <summary>Whether to start a new epoch in each log that is behind its last signed checkpoint.</summary>
    public bool BeginEpoch { get; init; }

    /// <summary>Whether to fail if there is no store, so that a mistyped folder does not become a new service.</summary>
    public bool MustExist { get; init; }

    /// <summary>Receives the text for the person who started the service, once it listens. Null: not needed.</summary>
    public Action<string>? Announce { get; init; }

    /// <summary>The service's clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Settings that override those of the environment, such as <c>Nexus:Database:Engine</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
