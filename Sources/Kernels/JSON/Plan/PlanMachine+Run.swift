extension PlanMachine {
  /// Runs the plan over a tape and writes the result; whether it is anything but null.
  ///
  /// - The tape stays as it is for the call.
  mutating func run(
    _ code: PlanCode, _ tape: JSONTape, outputLimit: Int
  ) throws(JSONPlanError) -> Bool {
    unsafe nodes = code.nodes
    unsafe lists = code.lists
    unsafe keys = code.keys
    unsafe keyBytes = code.bytes
    unsafe slices = code.slices
    unsafe sourceTape = tape.nodes
    unsafe sourceBytes = tape.source
    if !code.literals.isEmpty {
      let literals = unsafe code.literals.tape
      unsafe literalTape = literals.nodes
      unsafe literalBytes = literals.source
    }
    if !(regexps.isEmpty && code.regexps.isEmpty) { regexps = code.regexps }
    unsafe keepsFirst = tape.duplicateKeys == .first
    self.outputLimit = outputLimit
    values.count = 0
    stack.count = 0
    bytes.count = 0
    integers.count = 0
    work = Self.workLimit
    failed = code.root
    failedValue = unsafe PlanValue(tape.kind(JSONTape.root), .source, JSONTape.root)
    do throws(PlanStop) {
      let isValue = try emit(code.root, unsafe PlanValue(tape.kind(JSONTape.root), .source, JSONTape.root), 0)
      if !isValue { try out.append("null") }
      return isValue
    } catch {
      var failure = described(error)
      if failedValue.place == .source {
        failure.input = unsafe JSONPlanError.Input(
          offset: tape.node(failedValue.index).begin, path: PlanPath.text(tape, to: failedValue.index))
      }
      throw failure
    }
  }

  private func described(_ stop: PlanStop) -> JSONPlanError {
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
