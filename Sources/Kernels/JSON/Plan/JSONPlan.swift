/// A transform of JSON texts, compiled once and applied often: select, rename, filter, reshape.
///
/// A plan is immutable and may be shared between threads. It reads a text once, validates all of it, and copies what it does not
/// change byte by byte: numbers keep their digits and strings their escapes. Its output has no white space outside strings and no
/// final newline. Of a key that comes twice in an object the last value counts.
///
/// ```swift
/// let plan = try JSONPlan(jmesPath: "orders[?total > `100`].{id: id, customer: customer.name}")
/// var workspace = JSONPlan.Workspace()
/// let count = try plan.apply(body.span.bytes, into: &output, workspace: &workspace)
/// ```
public struct JSONPlan: Sendable {
  let code: PlanCode

  /// What a plan may use up.
  public struct Limits: Hashable, Sendable {
    /// Bytes of a result.
    public var outputByteCount = 1 << 30
    /// Values that an apply computes and keeps at once, 16 bytes each.
    public var valueCount = 1 << 26
    /// How the input is parsed: nesting, bytes, lone surrogates, and keys that come twice.
    public var json = JSONOptions()

    public init() {}
  }

  /// Memory that plans work in, kept between calls so that a warm call allocates nothing.
  ///
  /// One workspace serves one call at a time, of any plan.
  public struct Workspace: ~Copyable, Sendable {
    var machine = PlanMachine()
    var document = JSONDocument()
    var reader = PlanReader()
    /// A text without lone surrogates.
    var replaced = Scratch()
    public var limits: Limits

    /// Allocates nothing yet.
    public init(limits: Limits = Limits()) { self.limits = limits }
  }
}

extension JSONPlan {
  /// Compiles a JMESPath expression (jmespath.org): the whole language with all its functions.
  ///
  /// - Throws: ``JSONPlanError`` with the byte offset of what is wrong. Nesting beyond 100 levels is a limit.
  /// - Complexity: O(n).
  public init(jmesPath expression: String) throws(JSONPlanError) {
    try self.init(jmesPath: Array(expression.utf8))
  }

  /// The same of UTF-8, which is checked.
  package init(jmesPath text: [UInt8]) throws(JSONPlanError) {
    try PlanCompiler.checkText(text)
    let (compiler, root) = try JMESPathParser.compile(text)
    self.init(code: try PlanCode(compiler, root: root))
  }
}

// MARK: - Apply

extension JSONPlan {
  /// Applies the plan to a text; how many bytes of `output` it filled. What is behind them may be written over.
  ///
  /// - Throws: ``JSONPlanError``: the text is not JSON, the expression fails on it, `output` is too short, or a limit is met. What
  ///   `output` holds then is undefined.
  /// - Complexity: O(n) for expressions without sorting or comparing of containers. Warm, no allocation, but for
  ///   regular expressions of JSONPath that are in the text and not in the plan.
  public func apply(
    _ text: RawSpan, into output: inout MutableSpan<UInt8>, workspace: inout Workspace
  ) throws(JSONPlanError) -> Int {
    try unsafe output.withUnsafeMutableBufferPointer { (output) throws(JSONPlanError) in
      try unsafe text.withUnsafeBytes { (text) throws(JSONPlanError) in
        try unsafe apply(text, into: output, workspace: &workspace)
      }
    }
  }

  /// Applies the plan to a text where it lies.
  ///
  /// - `text` is readable and `output` writable for their whole counts; they do not overlap.
  @unsafe
  public func apply(
    _ text: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>, workspace: inout Workspace
  ) throws(JSONPlanError) -> Int {
    var target: PlanOutput
    if let start = output.baseAddress {
      target = unsafe PlanOutput(memory: start, capacity: output.count, limit: workspace.limits.outputByteCount)
    } else {
      target = unsafe PlanOutput(
        memory: UnsafeMutablePointer(bitPattern: 16).unsafelyUnwrapped, capacity: 0,
        limit: workspace.limits.outputByteCount)
    }
    try unsafe run(text, &target, &workspace)
    return target.count
  }

  /// Applies the plan to a text: the result in an array. Allocates.
  public func apply(_ text: RawSpan) throws(JSONPlanError) -> [UInt8] {
    var workspace = Workspace()
    return try apply(text, workspace: &workspace)
  }

  /// Applies the plan to a text: the result in an array, which is all that a warm call allocates.
  public func apply(_ text: RawSpan, workspace: inout Workspace) throws(JSONPlanError) -> [UInt8] {
    var output = PlanOutput(limit: workspace.limits.outputByteCount)
    _ = try unsafe text.withUnsafeBytes { (text) throws(JSONPlanError) in
      try unsafe run(text, &output, &workspace)
    }
    return unsafe Array(UnsafeBufferPointer(start: output.start, count: output.count))
  }

  /// Parses, and runs the plan behind what `output` holds.
  ///
  /// - Returns: whether the result is anything but null.
  @unsafe
  @discardableResult
  func run(
    _ text: UnsafeRawBufferPointer, _ output: inout PlanOutput, _ workspace: inout Workspace
  ) throws(JSONPlanError) -> Bool {
    if _slowPath(workspace.limits.json.loneSurrogates == .replace) {
      guard workspace.replaced.tryReserve(text.count) else {
        throw JSONPlanError(.limitExceeded, at: 0, "the system has no more memory")
      }
      if let copy = unsafe workspace.replaced.start {
        let isChanged = unsafe PlanSurrogates.replace(text, copy.assumingMemoryBound(to: UInt8.self))
        if isChanged {
          return try unsafe read(UnsafeRawBufferPointer(start: copy, count: text.count), &output, &workspace)
        }
      }
    }
    return try unsafe read(text, &output, &workspace)
  }

  private func read(
    _ text: UnsafeRawBufferPointer, _ output: inout PlanOutput, _ workspace: inout Workspace
  ) throws(JSONPlanError) -> Bool {
    let tape: JSONTape
    do throws(JSONError) {
      // To find keys that come twice, all of them are needed.
      if code.isSelective && workspace.limits.json.duplicateKeys != .reject {
        unsafe tape = try workspace.reader.read(text, code, workspace.limits.json)
      } else {
        try unsafe workspace.document.parse(borrowing: text, options: workspace.limits.json)
        unsafe tape = workspace.document.tape
      }
    } catch {
      throw JSONPlanError(.invalidDocument(error), at: 0, error.description)
    }
    return try unsafe run(tape, &output, &workspace)
  }

  /// Runs the plan over a tape behind what `output` holds; whether the result is anything but null.
  @unsafe
  func run(
    _ tape: JSONTape, _ output: inout PlanOutput, _ workspace: inout Workspace
  ) throws(JSONPlanError) -> Bool {
    begin(&output, &workspace)
    defer { swap(&workspace.machine.out, &output) }
    return try unsafe workspace.machine.run(tape)
  }

  /// Takes the plan in hand, and gives the machine the output.
  func begin(_ output: inout PlanOutput, _ workspace: inout Workspace) {
    swap(&workspace.machine.out, &output)
    workspace.machine.values.limit = workspace.limits.valueCount
    workspace.machine.stack.limit = workspace.limits.valueCount
    workspace.machine.bytes.limit = workspace.limits.valueCount &* 16
    workspace.machine.begin(
      code, workspace.limits.json.duplicateKeys, outputLimit: workspace.limits.outputByteCount)
  }
}

extension JSONPlan {
  /// The languages that a plan can be written in.
  public enum Language: Int32, CaseIterable, Sendable {
    case jmesPath = 1
    case pointer = 2
    case patch = 3
    case mergePatch = 4
    case jsonPath = 5
  }

  /// Compiles a text, UTF-8, of a language.
  public init(_ language: Language, _ text: [UInt8]) throws(JSONPlanError) {
    switch language {
    case .jmesPath: try self.init(jmesPath: text)
    case .pointer: try self.init(pointer: text)
    case .patch: try self.init(patch: text)
    case .mergePatch: try self.init(mergePatch: text)
    case .jsonPath: try self.init(jsonPath: text)
    }
  }
}

extension JSONPlan {
  /// Applies the plan to a text: the result in memory of `malloc`, which is the caller's.
  ///
  /// - `text` is readable for its whole count.
  @unsafe
  package func applyToMemory(
    _ text: UnsafeRawBufferPointer, workspace: inout Workspace
  ) throws(JSONPlanError) -> (memory: UnsafeMutablePointer<UInt8>, count: Int) {
    var output = PlanOutput(limit: workspace.limits.outputByteCount)
    try unsafe run(text, &output, &workspace)
    let count = output.count
    guard let memory = unsafe output.take() else {
      throw JSONPlanError(.limitExceeded, at: 0, "the system has no more memory")
    }
    return unsafe (memory, count)
  }
}
