using System.Text;

namespace Nexus.Flags.Values;

/// <summary>Paths into data: names between dots, a backslash before a dot, a slash or another backslash makes it part of a name.</summary>
internal static class DataPath
{
    private const string Up = "../";

    public static string[] Split(string path)
    {
        if (path.AsSpan().IndexOfAny('.', '\\') < 0)
        {
            return path.Length == 0 ? [] : [path];
        }

        var parts = new List<string>();
        var part = new StringBuilder();
        for (var index = 0; index < path.Length; index++)
        {
            var character = path[index];
            if (character == '.')
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                if (character == '\\' && index + 1 < path.Length && path[index + 1] is '.' or '/' or '\\')
                {
                    character = path[++index];
                }

                part.Append(character);
            }
        }

        // "." is one empty name and ".." two: the engine adds the rest only while it has fewer names than characters.
        if (parts.Count != path.Length)
        {
            parts.Add(part.ToString());
        }

        return [.. parts];
    }

    /// <summary>What the engine's <c>var</c> finds: the key is a path, or a path and what to answer where it leads nowhere.</summary>
    public static Value Find(ref Frame frame, Value key)
    {
        var fallback = Value.Undefined;
        if (key.IsArray)
        {
            var arguments = key.Items;
            (key, fallback) = (arguments.Length > 0 ? arguments[0] : default, arguments.Length > 1 ? arguments[1] : default);
        }

        var context = frame.Context;
        if (key.IsString)
        {
            key = Value.Of(Climb(key.Text, ref context, frame.Above));
        }

        if (key.IsNullish || (key.IsString && key.Text.Length == 0))
        {
            return context;
        }

        if (fallback.Kind == ValueKind.Undefined)
        {
            fallback = Value.Null;
        }

        var path = Js.ToText(key, ref frame.Run);
        frame.Run.SpendText(path.Length);
        foreach (var name in Split(path))
        {
            if (context.IsNullish)
            {
                return fallback;
            }

            context = Js.Get(context, name, ref frame.Run);
            if (context.Kind == ValueKind.Undefined)
            {
                return fallback;
            }
        }

        return context;
    }

    // Follows the engine's walk over its nested lists, third entries included.
    private static string Climb(string path, ref Value context, Above? above)
    {
        var place = 0;
        while (path.StartsWith(Up, StringComparison.Ordinal) && above is not null && place < above.Length)
        {
            path = path[Up.Length..];
            if (place < 2)
            {
                context = above.At(place++);
                continue;
            }

            above = above.Outer;
            context = above?.At(0) ?? Value.Null;
            place = 1;
        }

        return path;
    }
}
