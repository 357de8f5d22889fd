import FuzzHarness
import Kernels

// The first byte picks the language; the plan's text goes to the first zero byte, and the document follows.

let cases: [(language: JSONPlan.Language, plan: String, document: String)] = [
  (
    .jmesPath, "people[?age > `20`].{n: name, a: age} | sort_by(@, &a)[0:2]",
    "{\"people\":[{\"name\":\"a\",\"age\":30},{\"name\":\"b\",\"age\":21}]}"
  ),
  (.jmesPath, "join(',', keys(@)) || length(a[*].b[]) && max_by(a, &b)", "{\"a\":[{\"b\":1},{\"b\":2}]}"),
  (
    .jmesPath, "a[::-1].*[-2:][?!contains(@, 'x')] | [to_number('1'), not_null(x, `{\"k\": [1]}`)]",
    "{\"a\":[{\"b\":[\"x\",\"yy\"]}]}"
  ),
  (.pointer, "/a/0/~1~0", "{\"a\":[{\"/~\":5}]}"),
  (
    .patch,
    "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":1},{\"op\":\"move\",\"from\":\"/a/0\",\"path\":\"/b\"},{\"op\":\"test\",\"path\":\"/b\",\"value\":0}]",
    "{\"a\":[0,2]}"
  ),
  (
    .patch,
    "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a/c\"},{\"op\":\"replace\",\"path\":\"/b\",\"value\":[]},{\"op\":\"remove\",\"path\":\"/a\"}]",
    "{\"a\":{},\"b\":1}"
  ),
  (.mergePatch, "{\"a\":null,\"b\":{\"c\":1}}", "{\"a\":1,\"b\":{\"d\":2}}"),
  (
    .jsonPath, "$..a[?@.b > 1 && match(@.c, 'x[a-z]{2,3}|\\\\d')]['b','c'][::2]",
    "{\"a\":[{\"b\":2,\"c\":\"xab\"},{\"b\":0}]}"
  ),
  (.jmesPath, "{id: id, s: v[0].s}", "{\"id\":1,\"v\":[{\"s\":\"a\"}]}\n{\"id\":[2]}\n\n[1]\r\n {\"v\":[]} \n\"x\""),
  (.jsonPath, "$[?length(@.a) == count($..*) || search(@, '^(a|b)+[^c-e]$')]", "[{\"a\":\"abc\"},\"aab\"]"),
]

func limits() -> JSONPlan.Limits {
  var limits = JSONPlan.Limits()
  limits.outputByteCount = 1 << 18
  limits.valueCount = 1 << 16
  return limits
}

fuzz(seeds: cases.map { [UInt8($0.language.rawValue)] + Array($0.plan.utf8) + [0] + Array($0.document.utf8) }) {
  input in
  guard let first = input.first else { return }
  let languages = JSONPlan.Language.allCases
  let language = languages[(Int(first) + languages.count - 1) % languages.count]
  let rest = input.dropFirst()
  let plan = Array(rest.prefix { $0 != 0 })
  let text = Array(rest.dropFirst(plan.count + 1))
  guard let compiled = try? JSONPlan(language, plan) else { return }
  var workspace = JSONPlan.Workspace(limits: limits())
  let result = try? compiled.apply(text.span.bytes, workspace: &workspace)
  if let result { require((try? JSON.validate(result.span.bytes)) != nil, "what a plan writes is no JSON") }
  // A workspace that was used, perhaps by a run that failed, changes nothing.
  let again = try? compiled.apply(text.span.bytes, workspace: &workspace)
  require(again == result, "the second run gives something else")
  // To reject keys that come twice all of the text is kept, and not only what the plan reads. Where none do, nothing changes.
  for policy in [JSONOptions.DuplicateKeys.reject, .first] {
    guard (try? JSONDocument(parsing: text.span.bytes, options: options(.reject))) != nil else { break }
    var limits = limits()
    limits.json = options(policy)
    var other = JSONPlan.Workspace(limits: limits)
    require((try? compiled.apply(text.span.bytes, workspace: &other)) == result, "what is kept changes the result")
  }
  // Lines in pieces give what lines in one give.
  let lines = try? compiled.applyLines(text.span.bytes, badLines: .skip, limits: limits())
  // Where a line may not be as long as what is indexed at once, each is on its own.
  var single = limits()
  single.json.maximumByteCount = 1 << 13
  let apart = try? compiled.applyLines(text.span.bytes, badLines: .skip, limits: single)
  require(lines == apart, "lines one by one give something else")
  var feed = JSONPlanFeed(compiled, badLines: .skip, limits: limits())
  var output: [UInt8] = []
  let cut = text.count * Int(first) / 256
  let isFed: ()? = try? {
    try feed.take(Array(text[..<cut]).span.bytes, into: &output)
    try feed.take(Array(text[cut...]).span.bytes, into: &output)
    try feed.finish(into: &output)
  }()
  if let lines, isFed != nil {
    require(lines.output == output && lines.badLineCount == feed.badLineCount, "lines in pieces give something else")
  }
}

func options(_ duplicateKeys: JSONOptions.DuplicateKeys) -> JSONOptions {
  var options = JSONOptions()
  options.duplicateKeys = duplicateKeys
  return options
}
