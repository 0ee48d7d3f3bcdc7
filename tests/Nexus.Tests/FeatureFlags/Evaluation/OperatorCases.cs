namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Operations and what they give for one context: a text as it is, anything else as JSON, null for null.</summary>
public static class OperatorCases
{
    public const string Context =
        """{"targetingKey":"user-1","plan":"pro","age":20,"zero":0,"text":"7","yes":true,"no":false,"nil":null,"tags":["a","b"],"prices":[3,4,5],"none":[],"user":{"name":"Ada","address":{"city":"Paris"}},"a.b":"dot","version":"1.2.3","bare":{},"umlaut":"Zoë 👋"}""";

    /// <summary>Those on which the npm package <c>@openfeature/flagd-core</c> agrees, which a test asks for them.</summary>
    public static TheoryData<string, string?> Common { get; } = ToTheory(
    [
        // var
        ("""{"var":"plan"}""", "pro"),
        ("""{"var":["plan"]}""", "pro"),
        ("""{"var":"user.address.city"}""", "Paris"),
        ("""{"var":"user.none.city"}""", null),
        ("""{"var":"nil"}""", null),
        ("""{"var":["user.none.city","home"]}""", "home"),
        ("""{"var":["nil","home"]}""", "home"),
        ("""{"var":["plan","home"]}""", "pro"),
        ("""{"var":["none.0",{"var":"plan"}]}""", "pro"),
        ("""{"var":"tags.1"}""", "b"),
        ("""{"var":"tags.2"}""", null),
        ("""{"var":{"cat":["pl","an"]}}""", "pro"),
        ("""{"var":{"if":[{"var":"yes"},"plan","x"]}}""", "pro"),
        ("""{"var":"$flagd.flagKey"}""", "flag"),
        ("""{"var":"$flagd.timestamp"}""", "1795521600"),
        ("""{"var":"$flagd.other"}""", null),
        ("""{"var":"../plan"}""", null),

        // missing, missing_some
        ("""{"missing":["plan","x"]}""", """["x"]"""),
        ("""{"missing":["plan","user.name","user.x","y"]}""", """["user.x","y"]"""),
        ("""{"missing":{"merge":["plan",{"var":"tags"}]}}""", """["a","b"]"""),
        ("""{"missing_some":[1,["plan","x"]]}""", "[]"),
        ("""{"missing_some":[2,["plan","x","y"]]}""", """["x","y"]"""),
        ("""{"missing_some":[2,["plan","x","y","user.name"]]}""", "[]"),

        // if
        ("""{"if":[{"var":"yes"},"b","a"]}""", "b"),
        ("""{"if":[{"var":"no"},"b","a"]}""", "a"),
        ("""{"if":[{"var":"no"},"b"]}""", null),
        ("""{"if":[{"var":"yes"},{"var":"plan"}]}""", "pro"),
        ("""{"if":[{"var":"no"},"a",{"var":"yes"},"b","c"]}""", "b"),
        ("""{"if":[{"var":"no"},"a",{"var":"zero"},"b","c"]}""", "c"),
        ("""{"if":[{"var":"none"},"b","a"]}""", "a"),
        ("""{"if":[{"var":"text"},"b","a"]}""", "b"),
        ("""{"if":["0","b","a"]}""", "b"),
        ("""{"?:":[{"var":"zero"},"b","a"]}""", "a"),
        ("""{"if":[]}""", null),

        // comparisons
        ("""{"==":[{"var":"age"},20]}""", "true"),
        ("""{"==":[{"var":"text"},7]}""", "true"),
        ("""{"==":[{"var":"yes"},1]}""", "true"),
        ("""{"==":[{"var":"nil"},null]}""", "true"),
        ("""{"==":[{"var":"plan"},"pro"]}""", "true"),
        ("""{"==":[{"var":"age"},{"var":"age"}]}""", "true"),
        ("""{"==":[{"var":"plan"},{"var":"plan"}]}""", "true"),
        ("""{"==":[{"var":"nil"},{"var":"zero"}]}""", "false"),
        ("""{"===":[{"var":"text"},7]}""", "false"),
        ("""{"===":[{"var":"age"},20]}""", "true"),
        ("""{"!=":[{"var":"plan"},"free"]}""", "true"),
        ("""{"!==":[{"var":"age"},"20"]}""", "true"),
        ("""{"<":[{"var":"zero"},{"var":"age"}]}""", "true"),
        ("""{"<":[1,{"var":"age"},30]}""", "true"),
        ("""{"<":[1,{"var":"age"},20]}""", "false"),
        ("""{"<=":[1,{"var":"age"},20]}""", "true"),
        ("""{"<=":[1,{"var":"age"},19]}""", "false"),
        ("""{">":[{"var":"plan"},"free"]}""", "true"),
        ("""{">=":[{"var":"nil"},0]}""", "true"),
        ("""{">":[{"var":"x"},-1]}""", "true"),

        // logic
        ("""{"and":[{"var":"yes"},{"var":"plan"}]}""", "pro"),
        ("""{"and":[{"var":"zero"},{"var":"plan"}]}""", "0"),
        ("""{"or":[{"var":"none"},{"var":"plan"}]}""", "pro"),
        ("""{"or":[{"var":"nil"},{"var":"zero"}]}""", "0"),
        ("""{"!":[{"var":"none"}]}""", "true"),
        ("""{"!":{"var":"plan"}}""", "false"),
        ("""{"!!":[{"var":"plan"}]}""", "true"),
        ("""{"!!":["0"]}""", "true"),

        // arithmetic
        ("""{"+":[{"var":"age"},"1.5"]}""", "21.5"),
        ("""{"+":[{"var":"text"}]}""", "7"),
        ("""{"+":{"var":"prices"}}""", "12"),
        ("""{"-":[{"var":"age"},1,2]}""", "17"),
        ("""{"-":[{"var":"age"}]}""", "-20"),
        ("""{"*":[{"var":"age"},0.1]}""", "2"),
        ("""{"*":{"var":"prices"}}""", "60"),
        ("""{"/":[{"var":"age"},8]}""", "2.5"),
        ("""{"%":[{"var":"age"},7]}""", "6"),
        ("""{"%":[-5.5,{"var":"prices.0"}]}""", "-2.5"),
        ("""{"+":[0.1,0.2]}""", "0.30000000000000004"),
        ("""{"*":[1e20,10]}""", "1e+21"),
        ("""{"*":[1e20,9]}""", "900000000000000000000"),
        ("""{"/":[1,1e7]}""", "1e-7"),
        ("""{"/":[-123,1e6]}""", "-0.000123"),
        ("""{"max":[1,{"var":"age"},3]}""", "20"),
        ("""{"min":{"var":"prices"}}""", "3"),

        // text
        ("""{"cat":["v",{"var":"age"},"-",{"var":"yes"}]}""", "v20-true"),
        ("""{"cat":[{"var":"tags"}]}""", "a,b"),
        ("""{"cat":{"var":"plan"}}""", "pro"),
        ("""{"substr":[{"var":"plan"},1]}""", "ro"),
        ("""{"substr":[{"var":"plan"},-2]}""", "ro"),
        ("""{"substr":[{"var":"plan"},-2,1]}""", "r"),
        ("""{"substr":[{"var":"plan"},0,-1]}""", "pr"),
        ("""{"substr":[{"var":"plan"},5,2]}""", ""),
        ("""{"in":["ro",{"var":"plan"}]}""", "true"),
        ("""{"in":[{"var":"plan"},["free","pro"]]}""", "true"),
        ("""{"in":[20,{"var":"tags"}]}""", "false"),
        ("""{"in":["a",{"var":"x"}]}""", "false"),
        ("""{"in":["20",{"cat":["1",{"var":"age"}]}]}""", "true"),

        // lists
        ("""{"merge":[{"var":"tags"},"c",["d"]]}""", """["a","b","c","d"]"""),
        ("""{"map":[{"var":"prices"},{"*":[{"var":""},2]}]}""", "[6,8,10]"),
        ("""{"map":[{"var":"x"},{"var":""}]}""", "[]"),
        ("""{"filter":[{"var":"prices"},{">":[{"var":""},3]}]}""", "[4,5]"),
        ("""{"reduce":[{"var":"prices"},{"+":[{"var":"accumulator"},{"var":"current"}]},0]}""", "12"),
        ("""{"reduce":[{"var":"prices"},{"max":[{"var":"accumulator"},{"var":"current"}]},4]}""", "5"),
        ("""{"some":[{"var":"prices"},{">":[{"var":""},4]}]}""", "true"),
        ("""{"some":[{"var":"none"},{"var":""}]}""", "false"),
        ("""{"all":[{"var":"prices"},{">":[{"var":""},2]}]}""", "true"),
        ("""{"all":[{"var":"none"},{"var":""}]}""", "false"),
        ("""{"none":[{"var":"prices"},{"<":[{"var":""},0]}]}""", "true"),
        ("""{"none":[{"var":"none"},{"var":""}]}""", "true"),

        // flagd's own
        ("""{"starts_with":[{"var":"plan"},"pr"]}""", "true"),
        ("""{"starts_with":[{"var":"plan"},"PR"]}""", "false"),
        ("""{"starts_with":[{"var":"age"},"2"]}""", null),
        ("""{"ends_with":[{"var":"plan"},"ro"]}""", "true"),
        ("""{"ends_with":[{"var":"plan"}]}""", null),
        ("""{"sem_ver":[{"var":"version"},">=","1.2"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},">","1.2.3-rc.1"]}""", "true"),
        ("""{"sem_ver":["1.2.3-alpha.10",">","1.2.3-alpha.9"]}""", "true"),
        ("""{"sem_ver":["1.2.3-alpha",">","1.2.3-1"]}""", "true"),
        ("""{"sem_ver":["1.2.3-alpha","<","1.2.3-alpha.1"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"^","v1.9.0"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"~","1.3.0"]}""", "false"),
        ("""{"sem_ver":[{"var":"version"},"=","1.2.3+build.5"]}""", "true"),
        ("""{"sem_ver":[1.2,"=","1.2.0"]}""", "true"),
        ("""{"sem_ver":[{"var":"version"},"=>","1.2.3"]}""", null),
        ("""{"sem_ver":[{"var":"plan"},"=","1.2.3"]}""", null),
        ("""{"sem_ver":["2.0.0.0","=",{"var":"version"}]}""", null),
        ("""{"sem_ver":["01.2.3","=",{"var":"version"}]}""", null),
        ("""{"sem_ver":[{"var":"version"},"="]}""", null),
        ("""{"fractional":[["a",50],["b",50]]}""", "b"),
        ("""{"fractional":[{"var":"plan"},["a",10],["b",90]]}""", "b"),
        ("""{"fractional":[{"var":"plan"},["a"],["b"],["c"]]}""", "a"),
        ("""{"fractional":[["a",0]]}""", null),
        ("""{"fractional":[["a",{"-":[{"var":"age"},100]}],["b",1]]}""", "b"),
        ("""{"fractional":[["a","50"],["b",50]]}""", null),
        ("""{"fractional":[[{"var":"plan"},1]]}""", "pro"),
        ("""{"fractional":[[true,1],[false,0]]}""", "true"),
    ]);

    /// <summary>
    /// Those where flagd's documentation, or JsonLogic's, says something else than flagd-core does: docs/feature-flags-semantics.md.
    /// </summary>
    public static TheoryData<string, string?> Documented { get; } = ToTheory(
    [
        // Names of JavaScript are no data.
        ("""{"var":"tags.length"}""", null),
        ("""{"var":"plan.length"}""", null),
        ("""{"var":"plan.0"}""", null),
        ("""{"var":"a\\.b"}""", null),
        ("""{"map":[{"var":"tags"},{"var":"../index"}]}""", "[null,null]"),
        ("""{"map":[{"var":"tags"},{"var":"../../plan"}]}""", "[null,null]"),

        // Null and empty text are missing.
        ("""{"missing":["nil"]}""", """["nil"]"""),

        // Only an empty list is false, not an empty object.
        ("""{"if":[{"var":"bare"},"b","a"]}""", "b"),
        ("""{"!!":[{"var":"bare"}]}""", "true"),

        // Comparing never fails, and lists equal nothing.
        ("""{"==":[{"var":"age"},"pro"]}""", "false"),
        ("""{"!=":[{"var":"age"},"pro"]}""", "true"),
        ("""{"==":[{"var":"tags"},"a,b"]}""", "false"),
        ("""{"===":[{"var":"tags"},{"var":"tags"}]}""", "false"),
        ("""{"<":[{"var":"plan"},5]}""", "false"),
        ("""{">":[{"var":"tags"},5]}""", "false"),
        ("""{"<=":[{"var":"zero"},{"reduce":[{"var":"prices"},{"max":[{"var":"accumulator"},{"var":"current"}]},0]},{"var":"age"}]}""", "true"),

        // Arithmetic without a finite result is null.
        ("""{"+":[{"var":"plan"},1]}""", null),
        ("""{"+":[{"var":"tags"},1]}""", null),
        ("""{"+":["x",{"var":"age"}]}""", null),
        ("""{"/":[{"var":"age"},{"var":"zero"}]}""", null),
        ("""{"/":[{"var":"age"},0]}""", null),
        ("""{"/":[{"var":"age"}]}""", null),
        ("""{"min":[{"var":"prices"},1]}""", null),
        ("""{"max":[{"var":"text"},1]}""", "7"),
        ("""{"max":[]}""", null),

        // Text: null is nothing, operations are operands as a whole, numbers have text.
        ("""{"cat":["v",{"var":"x"}]}""", "v"),
        ("""{"cat":["v-",{"or":[{"var":"x"},{"var":"plan"}]}]}""", "v-pro"),
        ("""{"cat":[{"var":"bare"},"!"]}""", "!"),
        ("""{"substr":[{"var":"age"},0,1]}""", "2"),
        ("""{"in":["a",{"var":"age"}]}""", "false"),

        // What is no list counts as an empty one.
        ("""{"map":[{"var":"plan"},{"var":""}]}""", "[]"),
        ("""{"some":[{"var":"plan"},{"==":[{"var":""},"r"]}]}""", "false"),
        ("""{"all":[{"var":"plan"},true]}""", "false"),
        ("""{"all":[{"var":"x"},true]}""", "false"),
        ("""{"none":[{"var":"plan"},true]}""", "true"),
        ("""{"reduce":[{"var":"plan"},{"var":"current"},"initial"]}""", "initial"),
        ("""{"reduce":[{"var":"none"},{"var":"current"}]}""", null),
        ("""{"reduce":[{"var":"tags"},{"merge":[[["x"]],{"var":"current"}]},[]]}""", """[["x"],"b"]"""),

        // flagd's own operations work within iterations.
        ("""{"some":[{"var":"tags"},{"starts_with":[{"var":""},"a"]}]}""", "true"),
        ("""{"map":[{"var":"tags"},{"fractional":[{"var":""},["x",1]]}]}""", """["x","x"]"""),
        ("""{"map":[{"var":"tags"},{"fractional":[["x",1]]}]}""", """["x","x"]"""),

        // A bucketing value that is no string falls back to flag key and targeting key; hashes are of UTF-8.
        ("""{"fractional":[{"var":"age"},["a",50],["b",50]]}""", "b"),
        ("""{"fractional":[{"var":"x"},["a",50],["b",50]]}""", "b"),
        ("""{"fractional":[null,["a",50],["b",50]]}""", "b"),
        ("""{"fractional":[["a",null],["b",0]]}""", "a"),
        ("""{"fractional":[{"var":"umlaut"},["0",1],["1",1],["2",1],["3",1],["4",1],["5",1],["6",1],["7",1],["8",1],["9",1]]}""", "3"),
        ("""{"sem_ver":["99999999999999999.0.0",">","1.0.0"]}""", "true"),
        ("""{"sem_ver":[" 1.2.3","=","1.2.3"]}""", null),
    ]);

    private static TheoryData<string, string?> ToTheory((string Targeting, string? Outcome)[] cases)
    {
        var theory = new TheoryData<string, string?>();
        foreach (var (targeting, outcome) in cases)
        {
            theory.Add(targeting, outcome);
        }

        return theory;
    }
}
