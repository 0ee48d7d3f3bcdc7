namespace Nexus.Server.Knowledge.Search;

/// <summary>What search is made of.</summary>
internal static class SearchServices
{
    /// <summary>Adds the services; an embedder only where one is configured.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="options">The section <c>Nexus:Embeddings</c>.</param>
    /// <param name="folder">Where the indexes are kept; it may be deleted while the service is stopped.</param>
    public static void AddSearch(this IServiceCollection services, EmbeddingOptions options, string folder)
    {
        services.AddSingleton(_ => new SearchIndexPool(folder)).AddSingleton<CardChangeFeed>().AddSingleton<CardSearch>().AddSingleton<IndexCompactor>();
        services.AddSingleton<EmbeddingQueue>().AddSingleton<CardEmbedder>().AddHostedService<EmbeddingWorker>();
        if (options.Url is not null)
        {
            services.AddSingleton(_ => new Embedder(options));
        }
    }
}
