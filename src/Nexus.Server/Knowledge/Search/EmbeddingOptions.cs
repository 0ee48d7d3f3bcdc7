namespace Nexus.Server.Knowledge.Search;

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

    /// <summary>How much the ranking by meaning counts in a hybrid search where that by words counts 1; 0 to 1. A model that is
    /// known to be better than words on the cards at hand deserves more than the default, with which even a poor model spoils nothing.</summary>
    public double Weight { get; set; } = 0.05;

    /// <summary>What is wrong with the section, a sentence each.</summary>
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
