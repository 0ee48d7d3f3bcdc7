using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// The operators that flagd adds. They work where the evaluation context is the data in scope, not within iterations over a
/// list. Operands of the wrong kind or number make null.
/// </summary>
internal static class FlagdFunctions
{
    public static Value StartsWith(ref Frame frame, scoped Arguments arguments) =>
        AreTwoTexts(ref frame, arguments)
            ? Value.Of(arguments[0].Text.StartsWith(arguments[1].Text, StringComparison.Ordinal))
            : Value.Null;

    public static Value EndsWith(ref Frame frame, scoped Arguments arguments) =>
        AreTwoTexts(ref frame, arguments)
            ? Value.Of(arguments[0].Text.EndsWith(arguments[1].Text, StringComparison.Ordinal))
            : Value.Null;

    public static Value SemVer(ref Frame frame, scoped Arguments arguments)
    {
        CheckScope(ref frame);
        if (arguments.Count != 3)
        {
            return Refuse(ref frame, "needs a version, a comparison and a version");
        }

        if (!Version(arguments[0], ref frame, out var left) || !Version(arguments[2], ref frame, out var right))
        {
            return Refuse(ref frame, "one of the two is no version");
        }

        var order = left.Against(right);
        bool? holds = Js.ToText(arguments[1], ref frame.Run) switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "^" => left.Major == right.Major,
            "~" => left.Major == right.Major && left.Minor == right.Minor,
            _ => null,
        };
        return holds is { } known ? Value.Of(known) : Refuse(ref frame, "there is no such comparison");
    }

    /// <summary>Refuses what flagd can only do with the context at hand.</summary>
    /// <exception cref="LogicException">The data in scope is not the evaluation context.</exception>
    public static void CheckScope(ref Frame frame)
    {
        if (frame.Context.Kind != ValueKind.Object || frame.Context.Members.Role != MembersRole.Root)
        {
            throw LogicException.WrongType("the evaluation context as its data: it does not work within an iteration");
        }
    }

    private static bool AreTwoTexts(ref Frame frame, scoped Arguments arguments)
    {
        CheckScope(ref frame);
        if (arguments.Count == 2 && arguments[0].IsString && arguments[1].IsString)
        {
            frame.Run.SpendText(arguments[1].Text.Length);
            return true;
        }

        frame.Run.Trace?.Remark("needs two texts");
        return false;
    }

    private static bool Version(in Value value, ref Frame frame, out SemanticVersion version) =>
        SemanticVersion.TryParse(Js.ToText(value, ref frame.Run), out version);

    private static Value Refuse(ref Frame frame, string why)
    {
        frame.Run.Trace?.Remark(why);
        return Value.Null;
    }
}
