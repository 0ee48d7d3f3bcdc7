using System.Text;
using System.Text.Json;
using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Platform.Http;


namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>Runs an op as the route does, but without a server.</summary>
internal static class Op
{
    public static OpResult Run(string name, byte[] bytes, string contentType = "application/octet-stream", string? parameters = null)
    {
        var op = AtomOpRegistry.BuiltIn.Find(name) ?? throw new ProblemException(AtomOpRegistry.BuiltIn.UnknownOp(name));
        var read = AtomParams.Parse(op, parameters is null ? null : JsonElement.Parse(parameters));
        AtomOpRegistry.ValidateAsset(op, contentType, bytes.Length);
        return op.Run(new OpInput(bytes, contentType, read), TestContext.Current.CancellationToken);
    }

    public static OpResult Run(string name, string text, string contentType = "application/octet-stream", string? parameters = null) =>
        Run(name, Encoding.UTF8.GetBytes(text), contentType, parameters);

    /// <summary>Expects 422 and returns the detail.</summary>
    public static string Unreadable(Func<OpResult> run) => Refused(run, "atom.unreadable");

    public static string Refused(Func<OpResult> run, string code)
    {
        var problem = Should.Throw<ProblemException>(() => run()).Problem;
        (problem.Status, problem.Code).ShouldBe((422, code), problem.Detail);
        return problem.Detail;
    }
}
