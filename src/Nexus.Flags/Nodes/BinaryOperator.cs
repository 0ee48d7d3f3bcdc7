namespace Nexus.Flags.Nodes;

/// <summary>JavaScript's operators that json-logic-engine writes between operands.</summary>
internal enum BinaryOperator
{
    /// <summary><c>??</c></summary>
    Coalesce,

    /// <summary><c>||</c></summary>
    Or,

    /// <summary><c>&amp;&amp;</c></summary>
    And,

    /// <summary><c>===</c></summary>
    Identical,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,
}
