using Nexus.Redaction;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Privacy.Erasure;

namespace Nexus.Server.Platform.Hosting;

/// <summary>The configuration section <c>Nexus</c>. docs/operations.md lists every key.</summary>
internal sealed class NexusOptions
{
    /// <summary>The base64 of 32 bytes that encrypt all other secrets. Null: a key file in the data folder.</summary>
    public string? MasterKey { get; set; }

    /// <summary>The service's public URL, used in tokens and links. Null: the first URL it listens on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// IP addresses or networks (<c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> headers are
    /// trusted. Empty: none.
    /// </summary>
    public IList<string> Proxies { get; set; } = [];

    public DatabaseOptions Database { get; set; } = new();

    /// <summary>Where uploaded bytes are stored.</summary>
    public BlobOptions Blobs { get; set; } = new();

    /// <summary>Which credentials are accepted.</summary>
    public AuthOptions Auth { get; set; } = new();

    /// <summary>The first user, if nobody can open the setup link.</summary>
    public InitOptions Init { get; set; } = new();

    /// <summary>Limits of requests per tenant, env and action.</summary>
    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Quotas per tenant.</summary>
    public QuotaOptions Quotas { get; set; } = new();

    /// <summary>How the log is signed, and how long event contents are kept.</summary>
    public LogOptions Log { get; set; } = new();

    /// <summary>What replaces redacted personal data.</summary>
    public PiiOptions Pii { get; set; } = new();

    /// <summary>Settings for the erasure of personal data.</summary>
    public PrivacyOptions Privacy { get; set; } = new();

    /// <summary>Which origins may evaluate flags from a browser.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>The embedding service for semantic search. Without a URL there is none.</summary>
    public EmbeddingOptions Embeddings { get; set; } = new();

    /// <summary>Reads and validates the section.</summary>
    /// <exception cref="StartupException">The settings are invalid. The message lists all errors.</exception>
    public static NexusOptions Read(IConfiguration configuration)
    {
        var options = new NexusOptions();
        var mistakes = new List<string>();
        var good = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in configuration.GetSection("Nexus").AsEnumerable().Where(leaf => leaf.Value is not null).OrderBy(leaf => leaf.Key, StringComparer.OrdinalIgnoreCase))
        {
            // Binds one key at a time: the binder stops at the first error, and the operator should see all of them.
            try
            {
                Bind(new NexusOptions(), [new(key, value)]);
                good.Add(key, value);
            }
            catch (InvalidOperationException exception)
            {
                mistakes.Add(exception.InnerException is null ? $"{key} is no setting." : $"{key} has a value of the wrong kind.");
            }
        }

        Bind(options, good);
        if (options.PublicUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && parsed.Query.Length == 0))
        {
            mistakes.Add("Nexus:PublicUrl must be an http or https URL without a query.");
        }

        mistakes.AddRange(options.Proxies.Where(proxy => !System.Net.IPNetwork.TryParse(proxy, out _) && !System.Net.IPAddress.TryParse(proxy, out _))
            .Select(proxy => $"Nexus:Proxies: '{proxy}' is no address or network."));
        mistakes.AddRange([.. options.Database.Validate(), .. options.Blobs.Validate(), .. options.Auth.Validate(), .. options.Init.Validate(), .. options.RateLimits.Validate(), .. options.Quotas.Validate(), .. options.Log.Validate(), .. options.Cors.Validate(), .. options.Privacy.Validate(), .. options.Embeddings.Validate()]);
        return mistakes.Count == 0 ? options : throw new StartupException("The configuration has mistakes:\n  - " + string.Join("\n  - ", mistakes));
    }

    private static void Bind(NexusOptions options, IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Nexus").Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
}
