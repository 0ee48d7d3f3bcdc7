namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// The evaluation scenarios of open-feature/flagd-testbed (82ba89e) as tables: those of its folders evaluator and gherkin, each once,
/// without the retired fractional-v1 and the proposed fractional-v3. Not here are a type mismatch, which clients detect, and a written
/// negative weight, which Nexus refuses.
/// </summary>
internal static class FlagdTestbedCases
{
    /// <summary>Shared evaluators.</summary>
    public const string Evaluators = """{"is_ballmer":{"==":["ballmer@macrosoft.com",{"var":["email"]}]}}""";

    /// <summary>
    /// Key (with an exclamation mark if disabled), variants (a name without a value has its name for one), default variant, targeting and
    /// metadata; a dash for none.
    /// </summary>
    public const string Flags =
        """
        boolean-flag | on=true off=false | on | -
        boolean-targeted-zero-flag | zero=false non-zero=true | zero | {"if":[{"$ref":"is_ballmer"},"zero"]}
        boolean-zero-flag | zero=false non-zero=true | zero | -
        !disabled-boolean-flag | on=true off=false | on | -
        !disabled-float-flag | tenth=0.1 half=0.5 | half | -
        !disabled-integer-flag | one=1 ten=10 | ten | -
        !disabled-object-flag | empty={} template={"showImages":true,"title":"pics","imagesPerPage":100} | template | -
        !disabled-string-flag | greeting="hi" parting="bye" | greeting | -
        empty-targeting-flag | false=1 true=2 | false | {}
        ends-with-non-string-flag | true false fallback | fallback | {"ends_with":[{"var":"num"},"xyz"]}
        ends-with-wrong-args-flag | true false fallback | fallback | {"ends_with":["xyz"]}
        equal-greater-lesser-version-flag | equal greater lesser none | none | {"if":[{"sem_ver":[{"var":"version"},"=","2.0.0"]},"equal",{"if":[{"sem_ver":[{"var":"version"},">","2.0.0"]},"greater",{"if":[{"sem_ver":[{"var":"version"},"<","2.0.0"]},"lesser",{"if":[{"sem_ver":[{"var":"version"},"=","2.0.0.0"]},"fail","none"]}]}]}]}
        error-targeting-flag | one=1 two=2 | two | {"invalid":["this is not valid targeting"]}
        float-flag | tenth=0.1 half=0.5 | half | -
        float-targeted-zero-flag | zero=0.0 non-zero=1.0 | zero | {"if":[{"$ref":"is_ballmer"},"zero"]}
        float-zero-flag | zero=0.0 non-zero=1.0 | zero | -
        fractional-as-condition-false-flag | big="hundreds" small="ones" fallback="zero" | fallback | {"if":[{"fractional":[[false,100],[true,0]]},"big","small"]}
        fractional-as-condition-flag | big="hundreds" small="ones" fallback="zero" | fallback | {"if":[{"fractional":[[false,0],[true,100]]},"big","small"]}
        fractional-flag | clubs diamonds hearts spades wild | wild | {"fractional":[{"cat":[{"var":"$flagd.flagKey"},{"var":"user.name"}]},["clubs",25],["diamonds",25],["hearts",25],["spades",25]]}
        fractional-flag-A-shared-seed | clubs diamonds hearts spades wild | wild | {"fractional":[{"cat":["shared-seed",{"var":"user.name"}]},["clubs",25],["diamonds",25],["hearts",25],["spades",25]]}
        fractional-flag-B-shared-seed | clubs="ace-of-clubs" diamonds="ace-of-diamonds" hearts="ace-of-hearts" spades="ace-of-spades" wild | wild | {"fractional":[{"cat":["shared-seed",{"var":"user.name"}]},["clubs",25],["diamonds",25],["hearts",25],["spades",25]]}
        fractional-flag-shorthand | heads tails draw | draw | {"fractional":[["heads"],["tails",1]]}
        fractional-hash-edge-flag | lower upper | lower | {"fractional":[{"var":"targetingKey"},["lower",50],["upper",50]]}
        fractional-nested-if-flag | premium standard fallback | fallback | {"fractional":[{"var":"targetingKey"},[{"if":[{"==":[{"var":"tier"},"premium"]},"premium","standard"]},50],["standard",50]]}
        fractional-nested-var-flag | red green blue fallback | fallback | {"fractional":[{"var":"targetingKey"},[{"var":"color"},50],["blue",50]]}
        fractional-nested-weight-flag | red blue fallback | fallback | {"fractional":[{"var":"targetingKey"},["red",{"if":[{"==":[{"var":"tier"},"premium"]},100,0]}],["blue",10]]}
        fractional-null-bucket-key-flag | one two fallback | fallback | {"fractional":[{"var":"missing_key"},["one",50],["two",50]]}
        fractional-single-entry-flag | single fallback | fallback | {"fractional":[["single",1]]}
        fractional-zero-weights-flag | one two fallback | fallback | {"fractional":[{"var":"targetingKey"},["one",0],["two",0]]}
        integer-flag | one=1 ten=10 | ten | -
        integer-targeted-zero-flag | zero=0 non-zero=1 | zero | {"if":[{"$ref":"is_ballmer"},"zero"]}
        integer-zero-flag | zero=0 non-zero=1 | zero | -
        major-minor-version-flag | minor major none | none | {"if":[{"sem_ver":[{"var":"version"},"~","3.0.0"]},"minor",{"if":[{"sem_ver":[{"var":"version"},"^","3.0.0"]},"major","none"]}]}
        metadata-flag | on=true off=false | on | - | {"string":"1.0.2","integer":2,"boolean":true,"float":0.1}
        missing-variant-targeting-flag | one=1 two=2 | two | {"if":[true,"three","one"]}
        no-default-flag-null-targeting-variant | normal="CFO" special="CEO" | - | {"if":[{"==":["jobs@orange.com",{"var":["email"]}]},"special",null]}
        no-default-flag-undefined-targeting-variant | normal="CFO" special="CEO" | - | {"if":[{"==":["jobs@orange.com",{"var":["email"]}]},"special"]}
        non-string-variant-targeting-flag | false=1 true=2 | false | {"if":[true,true,false]}
        null-default-flag | on=true off=false | - | -
        object-flag | empty={} template={"showImages":true,"title":"pics","imagesPerPage":100} | template | -
        object-zero-flag | zero={} non-zero={"showImages":true,"title":"pics","imagesPerPage":100} | zero | -
        ref-to-nonexistent-evaluator-flag | hit miss fallback | fallback | {"if":[{"$ref":"nonexistent_evaluator"},"hit","miss"]}
        ref-whitespace-compact-flag | hi bye fallback | fallback | {"if":[{"$ref":"is_ballmer"},"hi","bye"]}
        semver-build-metadata-flag | match no-match | no-match | {"if":[{"sem_ver":[{"var":"version"},"=","1.0.0+build"]},"match","no-match"]}
        semver-invalid-operator-flag | true false fallback | fallback | {"sem_ver":[{"var":"version"},"===","1.0.0"]}
        semver-invalid-version-flag | true false fallback | fallback | {"sem_ver":[{"var":"version"},"=","1.0.0"]}
        semver-numeric-context-flag | match no-match | no-match | {"if":[{"sem_ver":[{"var":"version"},">","1.1"]},"match","no-match"]}
        semver-partial-version-flag | match no-match | no-match | {"if":[{"sem_ver":[{"var":"version"},"^","1"]},"match","no-match"]}
        semver-v-prefix-flag | match no-match | no-match | {"if":[{"sem_ver":[{"var":"version"},"=","v1.0.0"]},"match","no-match"]}
        semver-wrong-args-flag | true false fallback | fallback | {"sem_ver":[{"var":"version"},"="]}
        some-email-targeted-flag | hi bye none | none | {"if":[{"$ref":"is_ballmer"},"hi","bye"]}
        some-other-email-targeted-flag | yes no none | none | {"if":[{"$ref":"is_ballmer"},"yes","no"]}
        starts-ends-flag | prefix postfix none | none | {"if":[{"starts_with":[{"var":"id"},"abc"]},"prefix",{"if":[{"ends_with":[{"var":"id"},"xyz"]},"postfix",{"if":[{"ends_with":[{"var":"id"},3]},"fail","none"]}]}]}
        starts-with-non-string-flag | true false fallback | fallback | {"starts_with":[{"var":"num"},"abc"]}
        starts-with-wrong-args-flag | true false fallback | fallback | {"starts_with":["abc"]}
        string-flag | greeting="hi" parting="bye" | greeting | -
        string-targeted-zero-flag | zero="" non-zero="str" | zero | {"if":[{"$ref":"is_ballmer"},"zero"]}
        string-zero-flag | zero="" non-zero="str" | zero | -
        targeting-key-flag | miss hit | miss | {"if":[{"==":[{"var":"targetingKey"},"5c3d8535-f81a-4478-a6d3-afaa4d51199e"]},"hit",null]}
        targeting-null-flag | one=1 two=2 | two | {"fractional":[null,["one"]]}
        targeting-null-variant-flag | one=1 two=2 | two | {"if":[true,null,"one"]}
        timestamp-flag | past=-1 future=1 none=0 | none | {"if":[{">":[{"var":"$flagd.timestamp"},{"var":"time"}]},"past",{"if":[{"<":[{"var":"$flagd.timestamp"},{"var":"time"}]},"future","none"]}]}
        undefined-default-flag | small=10 big=1000 | - | -
        """;

    /// <summary>Key, context, value (a dash for the caller's own default) and, if the scenario says, reason or error code.</summary>
    public const string Scenarios =
        """
        boolean-flag | {} | true
        boolean-targeted-zero-flag | {"email":"ballmer@macrosoft.com"} | false | TARGETING_MATCH
        boolean-targeted-zero-flag | {"email":"ballmer@none.com"} | false | DEFAULT
        boolean-zero-flag | {} | false | STATIC
        disabled-boolean-flag | {} | - | DISABLED
        disabled-float-flag | {} | - | DISABLED
        disabled-integer-flag | {} | - | DISABLED
        disabled-object-flag | {} | - | DISABLED
        disabled-string-flag | {} | - | DISABLED
        empty-targeting-flag | {} | 1
        ends-with-non-string-flag | {"num":123} | "fallback" | DEFAULT
        ends-with-wrong-args-flag | {} | "fallback" | DEFAULT
        equal-greater-lesser-version-flag | {"version":"1.9.0"} | "lesser"
        equal-greater-lesser-version-flag | {"version":"2.0.0"} | "equal"
        equal-greater-lesser-version-flag | {"version":"2.0.0-alpha"} | "lesser"
        equal-greater-lesser-version-flag | {"version":"2.0.0.0"} | "none"
        equal-greater-lesser-version-flag | {"version":"2.1.0"} | "greater"
        error-targeting-flag | {} | - | PARSE_ERROR
        float-flag | {} | 0.5
        float-targeted-zero-flag | {"email":"ballmer@macrosoft.com"} | 0.0 | TARGETING_MATCH
        float-targeted-zero-flag | {"email":"ballmer@none.com"} | 0.0 | DEFAULT
        float-zero-flag | {} | 0.0 | STATIC
        fractional-as-condition-false-flag | {"targetingKey":"some-targeting-key"} | "ones"
        fractional-as-condition-flag | {"targetingKey":"some-targeting-key"} | "hundreds"
        fractional-flag | {"user":{"name":"3"}} | "clubs"
        fractional-flag | {"user":{"name":"jack"}} | "hearts"
        fractional-flag | {"user":{"name":"nine"}} | "diamonds"
        fractional-flag | {"user":{"name":"queen"}} | "spades"
        fractional-flag | {"user":{"name":"ten"}} | "clubs"
        fractional-flag-A-shared-seed | {"user":{"name":"eight"}} | "diamonds"
        fractional-flag-A-shared-seed | {"user":{"name":"nine"}} | "clubs"
        fractional-flag-A-shared-seed | {"user":{"name":"seven"}} | "hearts"
        fractional-flag-A-shared-seed | {"user":{"name":"two"}} | "spades"
        fractional-flag-B-shared-seed | {"user":{"name":"eight"}} | "ace-of-diamonds"
        fractional-flag-B-shared-seed | {"user":{"name":"nine"}} | "ace-of-clubs"
        fractional-flag-B-shared-seed | {"user":{"name":"seven"}} | "ace-of-hearts"
        fractional-flag-B-shared-seed | {"user":{"name":"two"}} | "ace-of-spades"
        fractional-flag-shorthand | {"targetingKey":"jane@company.com"} | "tails"
        fractional-flag-shorthand | {"targetingKey":"jon@company.com"} | "heads"
        fractional-hash-edge-flag | {"targetingKey":"6LvT0"} | "upper"
        fractional-hash-edge-flag | {"targetingKey":"SI7p-"} | "lower"
        fractional-hash-edge-flag | {"targetingKey":"bY9fO-"} | "lower"
        fractional-hash-edge-flag | {"targetingKey":"ceQdGm"} | "upper"
        fractional-hash-edge-flag | {"targetingKey":"ejOoVL"} | "lower"
        fractional-nested-if-flag | {"targetingKey":"jon@company.com","tier":"basic"} | "standard"
        fractional-nested-if-flag | {"targetingKey":"jon@company.com","tier":"premium"} | "premium"
        fractional-nested-if-flag | {"targetingKey":"user1","tier":"basic"} | "standard"
        fractional-nested-if-flag | {"targetingKey":"user1","tier":"premium"} | "standard"
        fractional-nested-var-flag | {"targetingKey":"jon@company.com","color":""} | -
        fractional-nested-var-flag | {"targetingKey":"jon@company.com","color":"green"} | "green"
        fractional-nested-var-flag | {"targetingKey":"jon@company.com","color":"red"} | "red"
        fractional-nested-var-flag | {"targetingKey":"jon@company.com","color":"yellow"} | -
        fractional-nested-var-flag | {"targetingKey":"user1","color":"red"} | "blue"
        fractional-nested-weight-flag | {"targetingKey":"jon@company.com","tier":"basic"} | "blue"
        fractional-nested-weight-flag | {"targetingKey":"jon@company.com","tier":"premium"} | "red"
        fractional-nested-weight-flag | {"targetingKey":"user1","tier":"basic"} | "blue"
        fractional-nested-weight-flag | {"targetingKey":"user1","tier":"premium"} | "red"
        fractional-null-bucket-key-flag | {} | "fallback" | DEFAULT
        fractional-single-entry-flag | {"targetingKey":"some-targeting-key"} | "single"
        fractional-zero-weights-flag | {"targetingKey":"any-user"} | "fallback" | DEFAULT
        integer-flag | {} | 10
        integer-targeted-zero-flag | {"email":"ballmer@macrosoft.com"} | 0 | TARGETING_MATCH
        integer-targeted-zero-flag | {"email":"ballmer@none.com"} | 0 | DEFAULT
        integer-zero-flag | {} | 0 | STATIC
        major-minor-version-flag | {"version":"3.0.1"} | "minor"
        major-minor-version-flag | {"version":"3.1.0"} | "major"
        major-minor-version-flag | {"version":"4.0.0"} | "none"
        missing-flag | {} | - | FLAG_NOT_FOUND
        missing-variant-targeting-flag | {} | - | GENERAL
        no-default-flag-null-targeting-variant | {"email":"jobs@orange.com"} | "CEO" | TARGETING_MATCH
        no-default-flag-null-targeting-variant | {"email":"wozniak@orange.com"} | - | DEFAULT
        no-default-flag-undefined-targeting-variant | {"email":"wozniak@orange.com"} | - | DEFAULT
        non-string-variant-targeting-flag | {} | 2
        null-default-flag | {"email":""} | - | DEFAULT
        object-flag | {} | {"showImages":true,"title":"pics","imagesPerPage":100}
        object-zero-flag | {} | {} | STATIC
        ref-to-nonexistent-evaluator-flag | {} | - | PARSE_ERROR
        ref-whitespace-compact-flag | {"email":"ballmer@macrosoft.com"} | "hi" | TARGETING_MATCH
        ref-whitespace-compact-flag | {"email":"user@example.com"} | "bye" | TARGETING_MATCH
        semver-build-metadata-flag | {"version":"1.0.0"} | "match"
        semver-build-metadata-flag | {"version":"1.0.0+other"} | "match"
        semver-build-metadata-flag | {"version":"2.0.0"} | "no-match"
        semver-invalid-operator-flag | {"version":"1.0.0"} | "fallback" | DEFAULT
        semver-invalid-version-flag | {"version":"not-a-version"} | "fallback" | DEFAULT
        semver-numeric-context-flag | {"version":"1.2"} | "match"
        semver-numeric-context-flag | {"version":1.1} | "no-match"
        semver-numeric-context-flag | {"version":1.2} | "match"
        semver-numeric-context-flag | {"version":1} | "no-match"
        semver-numeric-context-flag | {"version":2} | "match"
        semver-partial-version-flag | {"version":"1"} | "match"
        semver-partial-version-flag | {"version":"1.0"} | "match"
        semver-partial-version-flag | {"version":"1.0.0"} | "match"
        semver-partial-version-flag | {"version":"1.5.0"} | "match"
        semver-partial-version-flag | {"version":"2.0.0"} | "no-match"
        semver-partial-version-flag | {"version":1.2} | "match"
        semver-partial-version-flag | {"version":1} | "match"
        semver-v-prefix-flag | {"version":"1.0.0"} | "match"
        semver-v-prefix-flag | {"version":"2.0.0"} | "no-match"
        semver-v-prefix-flag | {"version":"V1.0.0"} | "match"
        semver-v-prefix-flag | {"version":"v1.0.0"} | "match"
        semver-wrong-args-flag | {"version":"1.0.0"} | "fallback" | DEFAULT
        some-email-targeted-flag | {"email":"ballmer@macrosoft.com"} | "hi"
        some-other-email-targeted-flag | {"email":"ballmer@macrosoft.com"} | "yes"
        starts-ends-flag | {"id":"3"} | "none"
        starts-ends-flag | {"id":"abcdef"} | "prefix"
        starts-ends-flag | {"id":"abcxyz"} | "prefix"
        starts-ends-flag | {"id":"lmnopq"} | "none"
        starts-ends-flag | {"id":"uvwxyz"} | "postfix"
        starts-with-non-string-flag | {"num":123} | "fallback" | DEFAULT
        starts-with-wrong-args-flag | {} | "fallback" | DEFAULT
        string-flag | {} | "hi"
        string-targeted-zero-flag | {"email":"ballmer@macrosoft.com"} | "" | TARGETING_MATCH
        string-targeted-zero-flag | {"email":"ballmer@none.com"} | "" | DEFAULT
        string-zero-flag | {} | "" | STATIC
        targeting-key-flag | {"targetingKey":"5c3d8535-f81a-4478-a6d3-afaa4d51199e"} | "hit" | TARGETING_MATCH
        targeting-key-flag | {"targetingKey":"f20bd32d-703b-48b6-bc8e-79d53c85134a"} | "miss" | DEFAULT
        targeting-null-flag | {} | 2
        targeting-null-variant-flag | {} | 2
        timestamp-flag | {"time":1} | -1
        timestamp-flag | {"time":4133980802} | 1
        undefined-default-flag | {"email":""} | - | DEFAULT
        """;
}
