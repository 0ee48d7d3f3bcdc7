namespace Nexus.Server.Search;

/// <summary>The section <c>Nexus:Embeddings</c>. Without a URL the service searches by words only.</summary>
internal sealed class EmbeddingOptions
{
    /// <summary>The address of an OpenAI-compatible service, up to before <c>/embeddings</c>, such as <c>http://127.0.0.1:11434/v1</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>The model's name, as that service knows it. Vectors of another model are made anew.</summary>
    public string Model { get; set; } = "";

    /// <summary>Sent as a bearer token where given.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How long one request may take, in seconds. A hybrid search waits no longer before it answers by words.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Whether a host's name may resolve to a private address. A URL that itself says <c>localhost</c> or an address
    /// needs no leave.</summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>What is wrong with the section, a sentence each.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Url is null) yield break;
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")) yield return "Nexus:Embeddings:Url is not an absolute http or https URL.";
        if (Model.Length == 0) yield return "Nexus:Embeddings:Model is missing.";
        if (TimeoutSeconds is < 1 or > 300) yield return "Nexus:Embeddings:TimeoutSeconds is not between 1 and 300.";
    }
}
