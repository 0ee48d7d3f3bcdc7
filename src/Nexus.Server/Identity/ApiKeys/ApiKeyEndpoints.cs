using Nexus.Client;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.ApiKeys;

/// <summary>A tenant's API keys: made and revoked up to the caller's own role. For a key of one env, keys that reach further do not exist.</summary>
internal static class ApiKeyEndpoints
{
    /// <summary>Maps the routes.</summary>
    public static void MapApiKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/tenants/{tenant_id}/api-keys").WithTags("Identity");
        keys.MapPost("", CreateAsync).RequireAction("api_key_create", Role.Admin).Produces<CreatedApiKey>().WithSummary("Make an API key, shown once");
        keys.MapGet("", ListAsync).RequireAction("api_keys_read", Role.Admin).WithSummary("List API keys, without their secrets");
        keys.MapDelete("{key_id}", DeleteAsync).RequireAction("api_key_delete", Role.Admin).Produces(StatusCodes.Status204NoContent).WithSummary("End an API key");
    }

    private static async Task<IResult> CreateAsync(
        RequestContext context, JsonBody<ApiKeyRequest> body, IdempotentWriter mutations, ApiKeyStore keys, TimeProvider time, CancellationToken cancellationToken)
    {
        var (auth, wanted) = (context.Auth!, body.Value);
        var env = "";
        if (IdentityProblems.Validate(
            ("name", IdentityProblems.ValidateName(wanted.Name)),
            ("role", IdentityProblems.ValidateRole(wanted.Role, out var role)),
            ("env", wanted.Env is null || Envs.TryParse(wanted.Env, out env) ? null : "is dev, staging or prod."),
            ("actor_type", wanted.ActorType is null or ActorTypes.Agent or ActorTypes.Human ? null : "is agent or human."),
            ("expires_at", wanted.ExpiresAt is { } end && end <= time.GetUtcNow() ? "lies in the past." : null)) is { } broken)
        {
            return broken;
        }

        if (role > context.Role)
        {
            return AuthProblems.InsufficientRole(role);
        }

        // A key makes no key that reaches further than itself: another env, more time, or a person's standing.
        if (auth.IsApiKey && ((auth.KeyEnv is not null && auth.KeyEnv != env)
            || (wanted.ExpiresAt ?? DateTimeOffset.MaxValue) > auth.ExpiresAt
            || (auth.ActorType == ActorTypes.Agent && wanted.ActorType == ActorTypes.Human)))
        {
            return IdentityProblems.CredentialTooNarrow;
        }

        var key = ApiKeyToken.Generate(context.TenantId, Id.New());
        var hash = await keys.HashAsync(key, cancellationToken);
        return await mutations.RunAsync(
            context, session => keys.AddAsync(session, context, key, hash, wanted, env.Length == 0 ? null : env), cancellationToken, isSecret: _ => true);
    }

    private static async Task<PageResult<ApiKey>> ListAsync(RequestContext context, PageRequest page, Database database, CancellationToken cancellationToken) =>
        page.ToResult(
            await database.ReadAsync(context.Scope, session => ApiKeyStore.ListAsync(session, context.Auth!.KeyEnv, page.After, page.Limit + 1), cancellationToken),
            last => last.KeyId);

    private static async Task<IResult> DeleteAsync(
        RequestContext context, string key_id, IdempotentWriter mutations, ApiKeyStore keys, CancellationToken cancellationToken) =>
        await mutations.RunAsync(
            context,
            async session =>
            {
                if (await ApiKeyStore.FindRoleAsync(session, context.Auth!.KeyEnv, key_id) is not { } role)
                {
                    throw new ProblemException(Problem.NotFound);
                }

                if (role > context.Role)
                {
                    throw new ProblemException(AuthProblems.InsufficientRole(role));
                }

                await keys.RevokeAsync(session, context, key_id);
            },
            cancellationToken);
}
