using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Client;
using Nexus.Merkle;
using Spectre.Console;

namespace Nexus.Cli.Audit.Verify;

/// <summary>A report as a table.</summary>
internal static class VerifyTable
{
    public static void Write(IAnsiConsole screen, VerifyReport report)
    {
        screen.Write(Output.CreateDetails(
            (report.What, report.Tenant is null ? "(unknown)" : $"{report.Tenant} ({report.Env})"),
            ("events", FormatNumber(report.Events) + (report.FirstSeq is { } first ? $", from {FormatNumber(first)}" : "")),
            ("newest", report.NewestAt is { } newest ? UtcTime.Format(newest) : null),
            ("erased", report.Erased > 0 ? $"{FormatNumber(report.Erased)} contents; {FormatNumber(report.Receipts)} receipts" : null),
            ("root", report.Root),
            ("matches", FormatCheckpoints(report.HeldAgainst)),
            ("result", report.Holds
                ? "VERIFIED"
                : $"FAILED: {FormatNumber(report.FaultCount)} fault{(report.FaultCount == 1 ? "" : "s")}")));
        if (report.Faults.Count > 0)
        {
            screen.Write(CreateFaultTable(report.Faults));
        }
    }

    private static Table CreateFaultTable(IReadOnlyList<Fault> faults)
    {
        var table = Output.CreateTable("seq", "fault", "detail");
        foreach (var fault in faults)
        {
            table.AddRow(Output.Cell(fault.Seq is { } seq ? FormatNumber(seq) : ""), Output.Cell(fault.Code), Output.Cell(fault.Message));
        }

        return table;
    }

    private static string FormatCheckpoints(IReadOnlyList<MatchedCheckpoint> checkpoints) => checkpoints.Count == 0
        ? "no checkpoint"
        : string.Join('\n', checkpoints.Select(checkpoint => $"{checkpoint.Origin}, {FormatNumber(checkpoint.Size)} entries"));

    private static string FormatNumber(long number) => number.ToString(CultureInfo.InvariantCulture);
}
