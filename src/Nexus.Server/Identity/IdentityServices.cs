using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.ApiKeys;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;

namespace Nexus.Server.Identity;

/// <summary>Registers the identity services and routes.</summary>
internal static class IdentityServices
{
    /// <summary>Adds the services.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, AuthOptions options, InitOptions init) => services
        .AddSingleton(options).AddSingleton(init)
        .AddSingleton(provider => new VerifiedTokenCache(provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(_ => new PasswordService())
        .AddSingleton(_ => new SignInRateLimiter(options.SignIn))
        .AddSingleton<OidcTokenVerifier>().AddSingleton<OidcUserProvisioner>().AddSingleton<AccessTokenProvider>()
        .AddSingleton<ApiKeyStore>().AddSingleton<SessionStore>().AddSingleton<Authenticator>()
        .AddSingleton<IdentityPersonalData>().AddSingleton<MembershipResolver>().AddSingleton<MemberStore>().AddSingleton<TenantDirectory>()
        .AddSingleton<SignInService>().AddSingleton<InitialSetup>().AddSingleton<LinkRedeemer>().AddSingleton<PasswordResetLinks>();

    public static void MapIdentity(this IEndpointRouteBuilder app)
    {
        app.MapSignIn();
        app.MapSignUp();
        app.MapAccount();
        app.MapTenants();
        app.MapMembers();
        app.MapApiKeys();
    }
}
