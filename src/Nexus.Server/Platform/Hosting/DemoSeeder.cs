using System.Reflection;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.ApiKeys;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Hosting;

/// <summary>Creates the tenant <c>t_demo</c> with the cards of <c>samples/</c>, which are about running Nexus.</summary>
internal sealed class DemoSeeder(Database database, EventLog log, CardStore cards, ApiKeyStore keys, TimeProvider time)
{
    private static readonly Scope _scope = new("t_demo", "prod");

    /// <summary>Creates the tenant and its cards unless they exist, and returns a new API key for it.</summary>
    public async Task<string> SeedAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            Scope.System,
            async session =>
            {
                if (await StoredTenant.FindAsync(session, _scope.TenantId) is not null)
                {
                    return false;
                }

                var created = await log.AppendAsync(
                    session,
                    RequestContextFactory.ForSystem("demo"),
                    new NewEvent("tenant_created", "tenant", _scope.TenantId) { Surface = "auth" });
                return await StoredTenant.InsertAsync(session, _scope.TenantId, "Demo", created.RecordedAt, created.Seq);
            },
            cancellationToken);
        var context = RequestContextFactory.ForSystem("demo", _scope);
        var isEmpty = (await database.ReadAsync(
            _scope,
            session => CardStore.ListAsync(session, null, null, null, 1),
            cancellationToken)).Cards.Count == 0;
        if (isEmpty)
        {
            foreach (var text in ReadSamples())
            {
                var card = CardEndpoints.Parse(context, text);
                await database.WriteAsync(_scope, session => cards.CreateAsync(session, context, card), cancellationToken);
            }
        }

        var key = ApiKeyToken.Generate(_scope.TenantId, Id.New());
        var hash = await keys.HashAsync(key, cancellationToken);
        var request = new ApiKeyRequest
        {
            Name = "demo",
            Role = "owner",
            Env = _scope.Env,
            ActorType = ActorTypes.Human,
            ExpiresAt = time.GetUtcNow().AddHours(24),
        };
        await database.WriteAsync(_scope, session => keys.AddAsync(session, context, key, hash, request, _scope.Env), cancellationToken);
        return key.Text;
    }

    private static IEnumerable<string> ReadSamples()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("samples/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }
}
