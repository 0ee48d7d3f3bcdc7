namespace Nexus.Server.Knowledge.Search;

/// <summary>The section <c>Nexus:Embeddings</c>. Without a URL, search uses words only.</summary>
internal sealed class EmbeddingOptions
{
    /// <summary>
    /// The base URL of an OpenAI-compatible service without <c>/embeddings</c>, such as <c>http://127.0.0.1:11434/v1</c>.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>The service's name of the model. When it changes, all vectors are computed again.</summary>
    public string Model { get; set; } = "";

    /// <summary>Sent as a bearer token if set.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The timeout of a request in seconds. A hybrid search waits at most this long before it falls back to words.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Whether the host name may resolve to a private address. A URL with <c>localhost</c> or an IP address is always allowed.
    /// </summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>
    /// The weight of the semantic ranking in a hybrid search, from 0 to 1; the lexical ranking has weight 1. Raise it for a model
    /// known to do better than words on your cards. The default is low enough that even a poor model does little harm.
    /// </summary>
    public double Weight { get; set; } = 0.05;

    /// <summary>Returns the validation errors of the section.</summary>
    public IEnumerable<string> Validate()
    {
        if (Url is null)
        {
            yield break;
        }

        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
        {
            yield return "Nexus:Embeddings:Url is not an absolute http or https URL.";
        }

        if (Model.Length == 0)
        {
            yield return "Nexus:Embeddings:Model is missing.";
        }

        if (TimeoutSeconds is < 1 or > 300)
        {
            yield return "Nexus:Embeddings:TimeoutSeconds is not between 1 and 300.";
        }

        if (Weight is not (>= 0 and <= 1))
        {
            yield return "Nexus:Embeddings:Weight is not between 0 and 1.";
        }
    }
}
