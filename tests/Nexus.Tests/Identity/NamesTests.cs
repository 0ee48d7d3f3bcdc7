using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Tests.Identity;

public sealed class NamesTests
{
    [Theory]
    [InlineData("t_a", true)]
    [InlineData("t_a-b_9", true)]
    [InlineData("t_", false)]
    [InlineData("t_A", false)]
    [InlineData("T_a", false)]
    [InlineData("a", false)]
    [InlineData("", false)]
    [InlineData("t_a\n", false)]
    [InlineData("t_é", false)]
    [InlineData("t_٣", false)]
    [InlineData("t_a/b", false)]
    public void Tenant_id_format_is_validated(string text, bool valid) => TenantId.IsValid(text).ShouldBe(valid);

    [Fact]
    public void Tenant_id_is_limited_to_62_characters_after_prefix()
    {
        TenantId.IsValid("t_" + new string('x', 62)).ShouldBeTrue();
        TenantId.IsValid("t_" + new string('x', 63)).ShouldBeFalse();
    }

    [Fact]
    public void Roles_parse_exactly_and_are_ordered()
    {
        foreach (var role in new[] { Role.Viewer, Role.Member, Role.Admin, Role.Owner })
        {
            Roles.TryParse(role.ToWireName(), out var read).ShouldBeTrue();
            read.ShouldBe(role);
        }

        foreach (var text in new[] { null, "", "Owner", "owner ", "4", "none" })
        {
            Roles.TryParse(text, out var role).ShouldBeFalse();
            role.ShouldBe(Role.None);
        }

        (Role.Owner > Role.Admin && Role.Admin > Role.Member && Role.Member > Role.Viewer && Role.Viewer > Role.None).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("ada.l+x@mail.example.com", true)]
    [InlineData("a@b@c", false)]
    [InlineData("@b", false)]
    [InlineData("a@", false)]
    [InlineData("a b@c", false)]
    [InlineData("a@b\n", false)]
    [InlineData("a@.b", false)]
    [InlineData("<a@b>", false)]
    public void Email_format_is_validated(string text, bool valid) => Emails.IsValid(text).ShouldBe(valid);
}
