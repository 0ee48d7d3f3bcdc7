using Microsoft.Extensions.Options;

namespace Nexus.Server.Knowledge.Search;

/// <summary>The section <c>Nexus:Embeddings</c>. Without a URL, search is lexical only.</summary>
internal sealed class EmbeddingOptions
{
    /// <summary>
    /// The URL of an OpenAI-compatible service without the final <c>/embeddings</c>, such as <c>http://127.0.0.1:11434/v1</c>.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>The model's name, as that service knows it. Vectors of another model are recomputed.</summary>
    public string Model { get; set; } = "";

    /// <summary>Sent as a bearer token. Null: none is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// How long one request may take, in seconds. A hybrid search waits no longer before it falls back to lexical results.
    /// </summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Whether a host name may resolve to a private address. <c>localhost</c> and literal addresses are always allowed.
    /// </summary>
    public bool AllowPrivateNetwork { get; set; }

    /// <summary>
    /// Weight of the semantic ranking in a hybrid search, 0 to 1, where the lexical ranking has weight 1. With the default even a
    /// poor model does no harm; a model known to work well on the cards deserves more.
    /// </summary>
    public double Weight { get; set; } = 0.05;
}

/// <summary>Validates <see cref="EmbeddingOptions"/>.</summary>
internal sealed class EmbeddingOptionsValidator : IValidateOptions<EmbeddingOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, EmbeddingOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Url is not { } url)
        {
            return ValidateOptionsResult.Success;
        }

        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https"))
        {
            errors.AddError("Nexus:Embeddings:Url must be an absolute http or https URL.");
        }

        if (options.Model.Length == 0)
        {
            errors.AddError("Nexus:Embeddings:Model is required with a URL.");
        }

        if (options.TimeoutSeconds is < 1 or > 300)
        {
            errors.AddError($"Nexus:Embeddings:TimeoutSeconds must be 1 to 300, not {options.TimeoutSeconds}.");
        }

        if (options.Weight is not (>= 0 and <= 1))
        {
            errors.AddError(string.Create(CultureInfo.InvariantCulture, $"Nexus:Embeddings:Weight must be 0 to 1, not {options.Weight}."));
        }

        return errors.Build();
    }
}
