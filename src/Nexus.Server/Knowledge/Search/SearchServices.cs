namespace Nexus.Server.Knowledge.Search;

internal static class SearchServices
{
    /// <summary>Adds the search services. The embedder is added only if it is configured.</summary>
    /// <param name="options">The section <c>Nexus:Embeddings</c>.</param>
    /// <param name="folder">The folder of the index files. It may be deleted while the service is stopped.</param>
    public static void AddSearch(this IServiceCollection services, EmbeddingOptions options, string folder)
    {
        services.AddSingleton(_ => new SearchIndexPool(folder))
            .AddSingleton<CardChangeFeed>()
            .AddSingleton<CardSearch>()
            .AddSingleton<IndexCompactor>();
        services.AddSingleton<EmbeddingQueue>().AddSingleton<CardEmbedder>().AddHostedService<EmbeddingWorker>();
        if (options.Url is not null)
        {
            services.AddSingleton(_ => new Embedder(options));
        }
    }
}
