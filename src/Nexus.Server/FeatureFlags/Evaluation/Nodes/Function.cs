using Nexus.Server.FeatureFlags.Evaluation.Values;

namespace Nexus.Server.FeatureFlags.Evaluation.Nodes;

/// <summary>An operation over values.</summary>
/// <exception cref="LogicException">It has no outcome.</exception>
internal delegate Value Function(ref Frame frame, scoped Arguments arguments);
