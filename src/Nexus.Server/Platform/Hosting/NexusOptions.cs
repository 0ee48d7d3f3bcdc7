using System.Net;
using Microsoft.Extensions.Options;
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
    /// <summary>32 bytes in base64 that encrypt all other secrets. Null: a file in the data folder.</summary>
    public string? MasterKey { get; set; }

    /// <summary>The service's URL as callers see it. Part of tokens and links. Null: the first URL listened on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of the proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are
    /// trusted. Empty: no proxy is.
    /// </summary>
    public IList<string> Proxies { get; set; } = [];

    /// <summary>The database.</summary>
    public DatabaseOptions Database { get; set; } = new();

    /// <summary>Where uploads are stored.</summary>
    public BlobOptions Blobs { get; set; } = new();

    /// <summary>Which credentials are accepted.</summary>
    public AuthOptions Auth { get; set; } = new();

    /// <summary>The first user, for installations where nobody opens the setup link.</summary>
    public InitOptions Init { get; set; } = new();

    /// <summary>Requests allowed per tenant, env and action.</summary>
    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Storage and daily requests allowed per tenant.</summary>
    public QuotaOptions Quotas { get; set; } = new();

    /// <summary>How the log is signed, and how long its contents are kept.</summary>
    public LogOptions Log { get; set; } = new();

    /// <summary>What remains of redacted personal data.</summary>
    public PiiOptions Pii { get; set; } = new();

    /// <summary>Settings for the erasure of personal data.</summary>
    public PrivacyOptions Privacy { get; set; } = new();

    /// <summary>The origins whose pages may evaluate flags.</summary>
    public CorsOptions Cors { get; set; } = new();

    /// <summary>The service that computes embeddings for semantic search. Without a URL, search is lexical.</summary>
    public EmbeddingOptions Embeddings { get; set; } = new();

    /// <summary>Binds and validates the section.</summary>
    /// <exception cref="StartupException">Names every mistake at once.</exception>
    public static NexusOptions Read(IConfiguration configuration)
    {
        var mistakes = new List<string>();
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var configured = configuration.GetSection("Nexus").AsEnumerable();
        foreach (var (key, value) in configured.OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (value is null)
            {
                continue; // a section
            }

            if (SettingNames.FindMistake(key, value) is { } mistake)
            {
                mistakes.Add(mistake);
            }
            else
            {
                settings.Add(key, value);
            }
        }

        var section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Nexus");
        var factory = new OptionsFactory<NexusOptions>(
            [new ConfigureFromConfigurationOptions<NexusOptions>(section)], [], [new NexusOptionsValidator()]);
        NexusOptions? options = null;
        try
        {
            options = factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException failure)
        {
            mistakes.AddRange(failure.Failures);
        }

        return options is not null && mistakes.Count == 0
            ? options
            : throw new StartupException("The configuration is invalid:\n  - " + string.Join("\n  - ", mistakes));
    }
}

/// <summary>Validates the settings of every section, so that all mistakes are reported together.</summary>
internal sealed class NexusOptionsValidator : IValidateOptions<NexusOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, NexusOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.PublicUrl is { } url
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https" && parsed.Query.Length == 0))
        {
            errors.AddError($"Nexus:PublicUrl must be an http or https URL without a query, not '{url}'.");
        }

        for (var i = 0; i < options.Proxies.Count; i++)
        {
            if (!IPNetwork.TryParse(options.Proxies[i], out _) && !IPAddress.TryParse(options.Proxies[i], out _))
            {
                errors.AddError($"Nexus:Proxies:{i} must be an address or a network such as 10.0.0.0/8, not '{options.Proxies[i]}'.");
            }
        }

        errors.AddResult(new DatabaseOptionsValidator().Validate("Nexus:Database", options.Database));
        errors.AddResult(new BlobOptionsValidator().Validate("Nexus:Blobs", options.Blobs));
        errors.AddResult(new AuthOptionsValidator().Validate("Nexus:Auth", options.Auth));
        errors.AddResult(new InitOptionsValidator().Validate("Nexus:Init", options.Init));
        errors.AddResult(new RateLimitOptionsValidator().Validate("Nexus:RateLimits", options.RateLimits));
        errors.AddResult(new QuotaOptionsValidator().Validate("Nexus:Quotas", options.Quotas));
        errors.AddResult(new LogOptionsValidator().Validate("Nexus:Log", options.Log));
        errors.AddResult(new CorsOptionsValidator().Validate("Nexus:Cors", options.Cors));
        errors.AddResult(new PrivacyOptionsValidator().Validate("Nexus:Privacy", options.Privacy));
        errors.AddResult(new EmbeddingOptionsValidator().Validate("Nexus:Embeddings", options.Embeddings));
        return errors.Build();
    }
}
