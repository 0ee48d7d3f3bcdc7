using Nexus.Server.Identity.Accounts;
using Nexus.Server.Identity.ApiKeys;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Setup;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Identity;

/// <summary>Registers the identity services and routes.</summary>
internal static class IdentityServices
{
    /// <summary>Adds the services.</summary>
    public static void AddIdentity(this IServiceCollection services, AuthOptions options, InitOptions init)
    {
        // Sign-in, token checks and administration cross tenants.
        services.AddTables(
            typeof(IdentityServices),
            new TableDeclaration("users"),
            new TableDeclaration("sessions"),
            new TableDeclaration("refresh_tokens"),
            new TableDeclaration("one_time_links"),
            new TableDeclaration("tenants") { CrossTenant = CrossTenantAccess.ReadWrite },
            new TableDeclaration("memberships") { CrossTenant = CrossTenantAccess.ReadWrite },
            new TableDeclaration("api_keys") { CrossTenant = CrossTenantAccess.ReadWrite },
            new TableDeclaration("invitations") { CrossTenant = CrossTenantAccess.ReadWrite });
        services.AddSingleton(options).AddSingleton(init);
        services.AddSingleton(provider => new VerifiedTokenCache(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(_ => new PasswordService())
            .AddSingleton(_ => new SignInRateLimiter(options.SignIn));
        services.AddSingleton<OidcTokenVerifier>().AddSingleton<OidcUserProvisioner>().AddSingleton<AccessTokenProvider>();
        services.AddSingleton<ApiKeyStore>().AddSingleton<SessionStore>().AddSingleton<Authenticator>();
        services.AddSingleton<MembershipResolver>().AddSingleton<MemberStore>().AddSingleton<TenantDirectory>();
        services.AddSingleton<SignInService>().AddSingleton<InitialSetup>().AddSingleton<LinkRedeemer>().AddSingleton<PasswordResetLinks>();
        services.AddSingleton<IdentityPersonalData>();
    }

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
