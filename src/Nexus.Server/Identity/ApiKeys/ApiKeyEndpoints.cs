using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Nexus.Client;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.ApiKeys;

/// <summary>
/// A tenant's API keys. Callers create and revoke keys up to their own role. A key bound to one env does not see keys with a
/// wider scope.
/// </summary>
internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/tenants/{tenant_id}/api-keys").WithTags("Identity");
        keys.MapPost("", CreateAsync).RequireAction("api_key_create", Role.Admin).WithSummary("Create an API key, shown once");
        keys.MapGet("", ListAsync).RequireAction("api_keys_read", Role.Admin).WithSummary("List API keys, without their secrets");
        keys.MapDelete("{key_id}", DeleteAsync).RequireAction("api_key_delete", Role.Admin).WithSummary("Revoke an API key");
    }

    private static async Task<Results<EntityResult<CreatedApiKey>, Problem>> CreateAsync(
        RequestContext context, JsonBody<ApiKeyRequest> body, IdempotentWriter mutations, ApiKeyStore keys, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var (auth, request) = (context.Auth!, body.Value);
        var env = "";
        if (IdentityProblems.Validate(
            ("name", IdentityProblems.ValidateName(request.Name)),
            ("role", IdentityProblems.ValidateRole(request.Role, out var role)),
            ("env", request.Env is null || Envs.TryParse(request.Env, out env) ? null : Suggestions.Unknown("env", request.Env, Envs.All)),
            ("actor_type", request.ActorType is null or ActorTypes.Agent or ActorTypes.Human
                ? null
                : Suggestions.Unknown("actor_type", request.ActorType, [ActorTypes.Agent, ActorTypes.Human])),
            ("expires_at", request.ExpiresAt is { } end && end <= time.GetUtcNow() ? "must be in the future." : null)) is { } broken)
        {
            return broken;
        }

        if (role > context.Role)
        {
            return AuthProblems.InsufficientRole(role);
        }

        // A key cannot create a key with more rights: another env, a longer lifetime, or a human actor type.
        if (auth.IsApiKey && ((auth.KeyEnv is not null && auth.KeyEnv != env)
            || (request.ExpiresAt ?? DateTimeOffset.MaxValue) > auth.ExpiresAt
            || (auth.ActorType == ActorTypes.Agent && request.ActorType == ActorTypes.Human)))
        {
            return IdentityProblems.CredentialTooNarrow;
        }

        var key = ApiKeyToken.Generate(context.TenantId, Id.New());
        var hash = await keys.HashAsync(key, cancellationToken);
        return await mutations.RunAsync(
            context,
            session => keys.AddAsync(session, context, key, hash, request, env.Length == 0 ? null : env),
            cancellationToken,
            isSecret: _ => true);
    }

    private static async Task<PageResult<ApiKey>> ListAsync(
        RequestContext context, PageRequest page, Database database, CancellationToken cancellationToken) =>
        page.ToResult(
            await database.ReadAsync(
                context.Scope,
                session => ApiKeyStore.ListAsync(session, context.Auth!.KeyEnv, page.After, page.Limit + 1),
                cancellationToken),
            last => last.KeyId);

    private static async Task<NoContent> DeleteAsync(
        RequestContext context, [FromRoute(Name = "key_id")] string keyId, IdempotentWriter mutations, ApiKeyStore keys,
        CancellationToken cancellationToken) =>
        await mutations.RunAsync(
            context,
            async session =>
            {
                if (await ApiKeyStore.FindRoleAsync(session, context.Auth!.KeyEnv, keyId) is not { } role)
                {
                    throw new ProblemException(Problem.NotFound);
                }

                if (role > context.Role)
                {
                    throw new ProblemException(AuthProblems.InsufficientRole(role));
                }

                await keys.RevokeAsync(session, context, keyId);
            },
            cancellationToken);
}
