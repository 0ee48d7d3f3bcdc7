using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>An operation over values.</summary>
/// <exception cref="LogicException">It has no outcome.</exception>
internal delegate Value Function(ref Frame frame, scoped Arguments arguments);
