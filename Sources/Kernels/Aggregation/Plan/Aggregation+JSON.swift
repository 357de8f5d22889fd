extension Aggregation {
  /// A plan from its JSON, as the C ABI takes it:
  /// ```json
  /// {"keys": ["device"],
  ///  "aggregates": [{"op": "sum", "column": "v", "as": "total"}, {"op": "quantile", "column": "v", "q": 0.99, "as": "p99"}],
  ///  "window": {"kind": "hopping", "time": "ts", "size_ms": 60000, "hop_ms": 10000, "lateness_ms": 0},
  ///  "memory_limit": 1048576, "overflow": "fail"}
  /// ```
  ///
  /// - Throws: ``AggregationError/Code/invalidPlan`` with the field, or the byte where the text is no JSON;
  ///   ``AggregationError/Code/limitExceeded``.
  public init(parsing text: RawSpan) throws(AggregationError) {
    var document = JSONDocument()
    do throws(JSONError) {
      try document.parse(text)
    } catch {
      throw AggregationError(
        error.isLimit ? .limitExceeded : .invalidPlan, error.path, error.kind.sentence, offset: error.offset)
    }
    let root = document.root
    let fields = try PlanObject(root, "plan", ["keys", "aggregates", "window", "memory_limit", "overflow"])
    var keys: [String] = []
    if let list = fields.value("keys") {
      guard list.kind == .array else { throw PlanObject.wrong("keys", "must be an array of strings") }
      var elements = list.elements
      while let element = elements.next() {
        guard let name = element.string else { throw PlanObject.wrong("keys", "must be an array of strings") }
        keys.append(name)
      }
    }
    var aggregates: [Aggregate] = []
    if let list = fields.value("aggregates") {
      guard list.kind == .array else { throw PlanObject.wrong("aggregates", "must be an array of objects") }
      var elements = list.elements
      while let element = elements.next() { aggregates.append(try Self.aggregate(element, aggregates.count)) }
    }
    var window: Window?
    if let object = fields.value("window"), !object.isNull { window = try Self.window(object) }
    let memoryLimit = try fields.integer("memory_limit").map { Int($0) }
    var overflow = Overflow.fail
    switch try fields.string("overflow") {
    case nil, "fail": break
    case "sketch": overflow = .sketch
    default: throw PlanObject.wrong("overflow", "must be fail or sketch")
    }
    self.init(keys: keys, aggregates: aggregates, window: window, memoryLimit: memoryLimit, overflow: overflow)
    try validate()
  }

  private static func aggregate(_ value: borrowing JSONValue, _ index: Int) throws(AggregationError) -> Aggregate {
    let place = "aggregates/\(index)"
    let fields = try PlanObject(value, place, ["op", "column", "as", "q", "k", "bounds"])
    guard let name = try fields.string("op") else { throw PlanObject.wrong(place + "/op", "is missing") }
    let operation: Operation
    switch name {
    case "count": operation = .count
    case "sum": operation = .sum
    case "min": operation = .min
    case "max": operation = .max
    case "mean": operation = .mean
    case "variance": operation = .variance
    case "stddev": operation = .stddev
    case "first": operation = .first
    case "last": operation = .last
    case "approx_distinct": operation = .approxDistinct
    case "quantile":
      guard let q = try fields.number("q") else { throw PlanObject.wrong(place + "/q", "is missing") }
      operation = .quantile(q)
    case "top_k":
      guard let k = try fields.integer("k") else { throw PlanObject.wrong(place + "/k", "is missing") }
      operation = .topK(Int(k))
    case "histogram":
      guard let list = fields.value("bounds"), list.kind == .array else {
        throw PlanObject.wrong(place + "/bounds", "must be an array of numbers")
      }
      var bounds: [Double] = []
      var elements = list.elements
      while let element = elements.next() {
        guard let bound = element.double else {
          throw PlanObject.wrong(place + "/bounds", "must be an array of numbers")
        }
        bounds.append(bound)
      }
      operation = .histogram(bounds)
    default: throw PlanObject.wrong(place + "/op", "\(name) is not known")
    }
    return Aggregate(operation, try fields.string("column"), try fields.string("as"))
  }

  private static func window(_ value: borrowing JSONValue) throws(AggregationError) -> Window {
    let fields = try PlanObject(value, "window", ["kind", "time", "size_ms", "hop_ms", "gap_ms", "lateness_ms"])
    func needed(_ field: String) throws(AggregationError) -> Int64 {
      guard let value = try fields.integer(field) else { throw PlanObject.wrong("window/" + field, "is missing") }
      return value
    }
    guard let time = try fields.string("time") else { throw PlanObject.wrong("window/time", "is missing") }
    let kind: Window.Kind
    switch try fields.string("kind") {
    case "tumbling": kind = .tumbling(size: try needed("size_ms"))
    case "hopping": kind = .hopping(size: try needed("size_ms"), hop: try needed("hop_ms"))
    case "session": kind = .session(gap: try needed("gap_ms"))
    default: throw PlanObject.wrong("window/kind", "must be tumbling, hopping or session")
    }
    return Window(kind: kind, time: time, lateness: try fields.integer("lateness_ms") ?? 0)
  }
}

/// An object of a plan, whose members have names that are known.
private struct PlanObject: ~Escapable {
  private let object: JSONValue
  private let place: String

  @_lifetime(copy object)
  init(_ object: borrowing JSONValue, _ place: String, _ known: [String]) throws(AggregationError) {
    guard object.kind == .object else { throw Self.wrong(place, "must be an object") }
    var members = object.members
    while let member = members.next() {
      guard let name = member.key.string, known.contains(name) else {
        throw Self.wrong(place, "\(member.key.string ?? "a member") is not known")
      }
    }
    self.object = copy object
    self.place = place
  }

  static func wrong(_ field: String, _ message: String) -> AggregationError {
    AggregationError(.invalidPlan, field, message)
  }

  @_lifetime(copy self)
  func value(_ field: String) -> JSONValue? { object[field] }

  private func path(_ field: String) -> String { place == "plan" ? field : place + "/" + field }

  func string(_ field: String) throws(AggregationError) -> String? {
    guard let value = object[field], !value.isNull else { return nil }
    guard let string = value.string else { throw Self.wrong(path(field), "must be a string") }
    return string
  }

  func integer(_ field: String) throws(AggregationError) -> Int64? {
    guard let value = object[field], !value.isNull else { return nil }
    if let integer = value.int64 { return integer }
    guard let number = value.double, let integer = Int64(exactly: number) else {
      throw Self.wrong(path(field), "must be an integer of 64 bits")
    }
    return integer
  }

  func number(_ field: String) throws(AggregationError) -> Double? {
    guard let value = object[field], !value.isNull else { return nil }
    guard let number = value.double else { throw Self.wrong(path(field), "must be a number") }
    return number
  }
}
