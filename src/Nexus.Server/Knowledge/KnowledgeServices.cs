using Nexus.Server.Knowledge.Atoms;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Knowledge.Packs;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Knowledge.Search;
using Nexus.Server.Knowledge.Settings;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge;

/// <summary>Wires the knowledge path: raw assets, atoms, cards, search, packs, settings and their lineage.</summary>
internal static class KnowledgeServices
{
    /// <summary>Adds the services; nothing in them needs the store until it is open.</summary>
    /// <param name="services">The services.</param>
    /// <param name="blobs">The section <c>Nexus:Blobs</c>.</param>
    /// <param name="embeddings">The section <c>Nexus:Embeddings</c>.</param>
    /// <param name="folder">The data folder.</param>
    public static void AddKnowledge(this IServiceCollection services, BlobOptions blobs, EmbeddingOptions embeddings, string folder)
    {
        services.AddBlobs(blobs, Path.Combine(folder, "blobs"));
        services.AddRawAssets();
        services.AddAtoms();
        services.AddCards();
        services.AddSearch(embeddings, Path.Combine(folder, "search"));
        services.AddPacks();
        services.AddLineage();
    }

    /// <summary>Maps the routes.</summary>
    public static void MapKnowledge(this IEndpointRouteBuilder app)
    {
        app.MapRawAssets();
        app.MapAtoms();
        app.MapCards();
        app.MapSearch();
        app.MapPacks();
        app.MapSettings();
        app.MapLineage();
    }
}
