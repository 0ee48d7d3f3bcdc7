using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Nexus.Merkle;
using Spectre.Console;

namespace Nexus.Cli.Audit.Verify;

/// <summary>A report as people read it.</summary>
internal static class VerifyTable
{
    public static void Write(IAnsiConsole screen, VerifyReport report)
    {
        screen.Write(Output.CreateDetails(
            (report.What, report.Tenant is null ? "(unknown)" : $"{report.Tenant} ({report.Env})"),
            ("events", report.FirstSeq is { } first ? string.Create(CultureInfo.InvariantCulture, $"{report.Events}, from {first}") : FormatNumber(report.Events)),
            ("newest", report.NewestAt is { } newest ? UtcTime.Format(newest) : null),
            ("erased", report.Erased > 0 ? string.Create(CultureInfo.InvariantCulture, $"{report.Erased} contents; {report.Receipts} receipts") : null),
            ("root", report.Root),
            ("agrees with", report.HeldAgainst.Count > 0 ? string.Join('\n', report.HeldAgainst.Select(held => $"{held.Origin}, {FormatNumber(held.Size)} entries")) : "no checkpoint"),
            ("verdict", report.Holds ? "holds" : $"DOES NOT HOLD: {FormatNumber(report.FaultCount)} {(report.FaultCount == 1 ? "fault" : "faults")}")));
        if (report.Faults.Count > 0)
        {
            screen.Write(CreateFaultTable(report.Faults));
        }
    }

    private static Table CreateFaultTable(IReadOnlyList<Fault> faults)
    {
        var table = Output.CreateTable("seq", "fault", "what is wrong");
        foreach (var fault in faults)
        {
            table.AddRow(Output.Cell(fault.Seq is { } seq ? FormatNumber(seq) : ""), Output.Cell(fault.Code), Output.Cell(fault.Message));
        }

        return table;
    }

    private static string FormatNumber(long number) => number.ToString(CultureInfo.InvariantCulture);
}
