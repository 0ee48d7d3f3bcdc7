namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The asset itself as an atom without content, for types that no other op reads.</summary>
internal sealed class IdentityOp : IAtomOp
{
    /// <inheritdoc />
    public string Name => "identity";

    /// <inheritdoc />
    public string Version => "1";

    /// <inheritdoc />
    public string Description => "The asset itself, of any type, without content.";

    /// <inheritdoc />
    public IReadOnlyList<string> ContentTypes => ["*/*"];

    /// <inheritdoc />
    public IReadOnlyList<AtomParam> Params => [];

    /// <inheritdoc />
    public int MaxBytes => 0;

    /// <inheritdoc />
    public OpResult Run(OpInput input, CancellationToken cancellationToken) => new();
}
