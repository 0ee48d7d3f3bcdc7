namespace Nexus.Bench;

internal static class CrashSoak { public static Task<int> RunAsync(string[] args) => Task.FromResult(args.Length); }
