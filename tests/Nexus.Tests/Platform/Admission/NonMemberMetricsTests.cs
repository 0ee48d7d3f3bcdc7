using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Nexus.Server.Platform.Admission;



namespace Nexus.Tests.Platform.Admission;

/// <summary>Requests of non-members are counted and logged for the operator, and leave nothing in a tenant's log.</summary>
public sealed class NonMemberMetricsTests
{
    [Theory, Engines]
    public async Task Refused_non_member_is_counted_and_logged_but_leaves_no_event(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Logging:LogLevel:Nexus.Server.Platform.Admission"] = "Information",
            ["Logging:Console:LogLevel:Nexus.Server.Platform.Admission"] = "None",
        });
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var viewer = member.Colleague("viewer");
        using var lines = new Lines();
        host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == NonMemberMetrics.MeterName
                && instrument.Meter.Scope == host.Services.GetRequiredService<IMeterFactory>())
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            counted.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();

        (await stranger.Post(Caller.Note, ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Get("/nexus/cards", ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Get("/nexus/cards", ("Authorization", "Bearer " + member.Token + "A"))).Refused(401, "auth.invalid");
        (await viewer.Post()).Refused(403, "auth.role");
        (await member.Post()).Ok();

        string[] refused = ["card_create auth.tenant_mismatch", "card_read auth.missing", "card_read auth.invalid"];
        counted.ShouldBe(refused.Select(what => "nexus.auth.refused 1 " + what));
        lines.Written.ShouldBe(
            refused.Select(
                what => "Refused a caller who is unknown or not a member: " + what.Replace(" ", ", ", StringComparison.Ordinal)));
        (await stranger.EventTypes()).ShouldBeEmpty();
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
