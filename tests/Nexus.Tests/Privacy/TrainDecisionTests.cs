using Nexus.Server.Audit.Events;
using Nexus.Server.Privacy.Training;

namespace Nexus.Tests.Privacy;

/// <summary>The precedence of training preferences: all combinations of user, subject, tenant and tenant-0.</summary>
public sealed class TrainDecisionTests
{
    private static readonly bool?[] _words = [null, false, true];

    [Fact]
    public void Most_specific_preference_decides_and_any_personal_opt_out_wins()
    {
        foreach (var user in _words)
        {
            foreach (var subject in _words)
            {
                foreach (var tenant in _words)
                {
                    foreach (var tenantZero in _words)
                    {
                        var decision = PreferencePrecedence.Decide(
                            PreferenceOf(user, 1),
                            PreferenceOf(subject, 2),
                            PreferenceOf(tenant, 3),
                            PreferenceOf(tenantZero, 4));
                        decision.ShouldBe(Expected(user, subject, tenant, tenantZero), $"{user} {subject} {tenant} {tenantZero}");
                    }
                }
            }
        }
    }

    private static TrainingDecision Expected(bool? user, bool? subject, bool? tenant, bool? tenantZero) =>
        (user, subject, tenant, tenantZero) switch
        {
            (_, true, _, _) => new(false, "user@2"),
            (true, _, _, _) => new(false, "user@1"),
            (false, _, _, _) => new(true, "user@1"),
            (null, false, _, _) => new(true, "user@2"),
            (null, null, true, _) => new(false, "tenant@3"),
            (null, null, false, _) => new(true, "tenant@3"),
            (null, null, null, true) => new(false, "tenant_0@4"),
            (null, null, null, false) => new(true, "tenant_0@4"),
            (null, null, null, null) => new(true, "default"),
        };

    private static StoredTrainingPreference? PreferenceOf(bool? optOut, long version) =>
        optOut is { } no ? new() { OptOut = no, Version = version } : null;
}
