extension PlanMachine {
  /// Takes a plan in hand, to run over tapes whose keys that come twice count so.
  ///
  /// - The plan stays as long as it is run.
  mutating func begin(_ code: PlanCode, _ duplicateKeys: JSONOptions.DuplicateKeys, outputLimit: Int) {
    unsafe nodes = code.nodes
    unsafe lists = code.lists
    unsafe keys = code.keys
    unsafe keyBytes = code.bytes
    unsafe slices = code.slices
    if !code.literals.isEmpty {
      let literals = unsafe code.literals.tape
      unsafe literalTape = literals.nodes
      unsafe literalBytes = literals.source
      unsafe literalNumbers = code.literalNumbers
    }
    if !(regexps.isEmpty && code.regexps.isEmpty) { regexps = code.regexps }
    keepsFirst = duplicateKeys == .first
    self.outputLimit = outputLimit
    root = code.root
    // Keys that other plans looked for.
    lookups.count = 0
  }

  /// Runs the plan in hand over a tape and writes the result; whether it is anything but null.
  ///
  /// - The tape stays as it is for the call. Tapes of the same `shape`, but 0, have the same nodes of containers and keys.
  @inline(__always)
  mutating func run(_ tape: JSONTape, shape: UInt32 = 0) throws(JSONPlanError) -> Bool {
    self.shape = shape
    unsafe sourceTape = tape.nodes
    unsafe sourceBytes = tape.source
    unsafe sourceCount = tape.count
    values.count = 0
    stack.count = 0
    bytes.count = 0
    integers.count = 0
    work = Self.workLimit
    forgetFinds()
    let value = unsafe PlanValue(tape.kind(JSONTape.root), .source, JSONTape.root)
    failed = root
    failedValue = value
    do throws(PlanStop) {
      let isValue = try emit(root, value, 0)
      if !isValue { try out.append("null") }
      return isValue
    } catch {
      throw unsafe failure(error, tape)
    }
  }

  @inline(never)
  private mutating func failure(_ stop: PlanStop, _ tape: JSONTape) -> JSONPlanError {
    var failure = described(stop)
    if failedValue.place == .source {
      failure.input = unsafe JSONPlanError.Input(
        offset: tape.node(failedValue.index).begin, path: PlanPath.text(tape, to: failedValue.index))
    }
    return failure
  }

  private mutating func described(_ stop: PlanStop) -> JSONPlanError {
    let step = Int(unsafe nodes[Int(failed)].offset)
    return switch stop {
    case .invalidType: JSONPlanError(.invalidType, at: step, "an argument of a type that the function does not take")
    case .invalidValue: JSONPlanError(.invalidValue, at: step, "a result that is no finite number")
    case .pathNotFound: JSONPlanError(.pathNotFound, at: step, "no value where the path leads")
    case .testFailed: JSONPlanError(.testFailed, at: step, "the test found another value")
    case .output where out.isFull: JSONPlanError(.outputTooSmall, at: step, "the result is longer than the output")
    case .output: JSONPlanError(.limitExceeded, at: step, "the result is longer than the limit")
    case .work: JSONPlanError(.limitExceeded, at: step, "more values or comparisons than the limit")
    case .depth: JSONPlanError(.limitExceeded, at: step, "nested deeper than \(Self.maximumDepth) levels")
    }
  }
}
