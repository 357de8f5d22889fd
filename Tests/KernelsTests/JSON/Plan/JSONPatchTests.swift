import Kernels
import Testing

@Suite struct JSONPatchTests {
  /// The document and the pointers of RFC 6901, section 5.
  static let rfc6901 =
    #"{"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8}"#
  static let pointers: [JSONPlanCase] = [
    .init("/foo", rfc6901, #"["bar","baz"]"#), .init("/foo/0", rfc6901, #""bar""#), .init("/", rfc6901, "0"),
    .init("/a~1b", rfc6901, "1"), .init("/c%d", rfc6901, "2"), .init("/e^f", rfc6901, "3"), .init("/g|h", rfc6901, "4"),
    .init("/i\\j", rfc6901, "5"), .init("/k\"l", rfc6901, "6"), .init("/ ", rfc6901, "7"), .init("/m~0n", rfc6901, "8"),
    .init("", " [1 , 2] ", "[1,2]"), .init("/foo/2", rfc6901, "!pathNotFound"),
    .init("/foo/-", rfc6901, "!pathNotFound"),
    .init("/foo/00", rfc6901, "!pathNotFound"), .init("/foo/bar", rfc6901, "!pathNotFound"),
    .init("/x", rfc6901, "!pathNotFound"),
    .init("foo", rfc6901, "!syntax"), .init("/a~", rfc6901, "!syntax"), .init("/a~2", rfc6901, "!syntax"),
    .init("/a", "[", "!invalidDocument"),
  ]

  @Test(arguments: pointers) func leads(_ example: JSONPlanCase) { example.check(.pointer) }

  /// After RFC 6902, appendix A, and what it leaves out.
  static let patches: [JSONPlanCase] = [
    .init(#"[]"#, #"{ "a" : 1.0 }"#, #"{"a":1.0}"#),
    .init(#"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"foo":"bar"}"#, #"{"foo":"bar","baz":"qux"}"#),
    .init(#"[{"op":"add","path":"/foo/1","value":"qux"}]"#, #"{"foo":["bar","baz"]}"#, #"{"foo":["bar","qux","baz"]}"#),
    .init(#"[{"op":"add","path":"/foo/-","value":["x"]}]"#, #"{"foo":["bar"]}"#, #"{"foo":["bar",["x"]]}"#),
    .init(#"[{"op":"add","path":"","value":[1]}]"#, "{}", "[1]"),
    .init(#"[{"op":"remove","path":"/baz"}]"#, #"{"baz":"qux","foo":"bar"}"#, #"{"foo":"bar"}"#),
    .init(#"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["a","b","c"]}"#, #"{"foo":["a","c"]}"#),
    .init(#"[{"op":"replace","path":"/a","value":1e5}]"#, #"{"a":0,"b":1}"#, #"{"a":1e5,"b":1}"#),
    .init(
      #"[{"op":"move","from":"/foo/w","path":"/qux/t"}]"#, #"{"foo":{"b":1,"w":"f"},"qux":{"c":2}}"#,
      #"{"foo":{"b":1},"qux":{"c":2,"t":"f"}}"#),
    .init(#"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#, #"{"foo":[0,1,2,3]}"#, #"{"foo":[0,2,3,1]}"#),
    .init(
      #"[{"op":"copy","from":"/a","path":"/b/0"},{"op":"add","path":"/b/0/x","value":2}]"#, #"{"a":{"y":1},"b":[]}"#,
      #"{"a":{"y":1},"b":[{"y":1,"x":2}]}"#),
    .init(
      #"[{"op":"test","path":"/a","value":{"y":[1.0],"x":"\u0061"}}]"#, #"{"a":{"x":"a","y":[1]}}"#,
      #"{"a":{"x":"a","y":[1]}}"#),
    .init(#"[{"op":"test","path":"/a","value":"1"}]"#, #"{"a":1}"#, "!testFailed"),
    .init(#"[{"op":"add","path":"/a/b","value":1}]"#, #"{}"#, "!pathNotFound"),
    .init(#"[{"op":"replace","path":"/a","value":1}]"#, #"{}"#, "!pathNotFound"),
    .init(#"[{"op":"remove","path":"/a/3"}]"#, #"{"a":[1,2,3]}"#, "!pathNotFound"),
    .init(#"[{"op":"add","path":"/a/4","value":1}]"#, #"{"a":[1,2,3]}"#, "!pathNotFound"),
    .init(#"[{"op":"move","from":"/a","path":"/a/b"}]"#, #"{"a":{}}"#, "!syntax"),
    .init(#"[{"op":"add","path":"/a"}]"#, "{}", "!syntax"), .init(#"[{"op":"sub","path":"/a"}]"#, "{}", "!syntax"),
    .init(#"[{"path":"/a"}]"#, "{}", "!syntax"), .init(#"[1]"#, "{}", "!syntax"), .init(#"{}"#, "{}", "!syntax"),
    .init(#"[{"op":"remove","path":"a"}]"#, "{}", "!syntax"), .init("[", "{}", "!syntax"),
  ]

  @Test(arguments: patches) func applies(_ example: JSONPlanCase) { example.check(.patch) }

  /// RFC 7396, appendix A.
  static let merges: [JSONPlanCase] = [
    .init(#"{"a":"c"}"#, #"{"a":"b"}"#, #"{"a":"c"}"#), .init(#"{"b":"c"}"#, #"{"a":"b"}"#, #"{"a":"b","b":"c"}"#),
    .init(#"{"a":null}"#, #"{"a":"b"}"#, #"{}"#), .init(#"{"a":null}"#, #"{"a":"b","b":"c"}"#, #"{"b":"c"}"#),
    .init(#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":"c"}"#), .init(#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":["b"]}"#),
    .init(#"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"c"}}"#, #"{"a":{"b":"d"}}"#),
    .init(#"{"a":[1]}"#, #"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#), .init(#"["c","d"]"#, #"["a","b"]"#, #"["c","d"]"#),
    .init(#"["c"]"#, #"{"a":"b"}"#, #"["c"]"#), .init("null", #"{"a":"foo"}"#, "null"),
    .init(#""bar""#, #"{"a":"foo"}"#, #""bar""#),
    .init(#"{"a":1}"#, #"{"e":null}"#, #"{"e":null,"a":1}"#), .init(#"{"a":"b","c":null}"#, "[1,2]", #"{"a":"b"}"#),
    .init(#"{"a":{"bb":{"ccc":null}}}"#, "{}", #"{"a":{"bb":{}}}"#), .init("{", "{}", "!syntax"),
  ]

  @Test(arguments: merges) func appliesMerges(_ example: JSONPlanCase) { example.check(.mergePatch) }
}
