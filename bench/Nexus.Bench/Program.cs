using Nexus.Bench;
using Nexus.Bench.Floor;

// The same executable is the load generator, the floor servers it compares with, and the tools around them.
return args switch
{
    ["floor", .. var rest] => await FloorServer.RunAsync(rest),
    ["cranfield", var folder] => Cranfield.Run(folder),
    ["crash", .. var rest] => await CrashSoak.RunAsync(rest),
    _ => await Suite.RunAsync(args),
};
