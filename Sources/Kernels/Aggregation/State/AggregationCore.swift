/// The state of an aggregation: groups, and a column of accumulators for each state that its aggregates need.
///
/// A value: a copy costs nothing until one of the two changes, which is what takes back an update that went past the memory limit.
struct AggregationCore: Sendable {
  let plan: Aggregation
  /// The plan as a snapshot has it.
  let planBytes: [UInt8]
  let slices: WindowSlices?
  /// Which aggregates have one state between them.
  let shared: SharedStates
  /// Its column 0 is the slice where there is a window; the keys follow.
  var table: GroupTable
  var keyClasses: [KeyClass]
  /// Of each key; empty where it is none of strings.
  var strings: [StringTable]
  /// As ``SharedStates/states``.
  var states: [any AggregateColumn]
  /// Of each state; `.none` as long as no value has come, and ``states`` holds what folds nothing.
  var classes: [ValueClass]
  /// The first and last time of each group; of sessions alone.
  var firstTimes: [Int64] = []
  var lastTimes: [Int64] = []
  /// Rows of each group; of windows that overlap alone, where a merge may have to say how many it leaves out.
  var rowCounts: [UInt64] = []
  /// nil before any.
  var watermark: Int64?
  var lateRows: UInt64 = 0
  var overflowRows: UInt64 = 0
  var ledger = SequenceLedger()
  /// Groups that the accumulators hold.
  var grown = 0
  /// No group is opened any more, until some have been emitted.
  var isFrozen = false

  init(_ plan: Aggregation) {
    self.plan = plan
    planBytes = plan.canonicalBytes
    slices = plan.window.map(WindowSlices.init)
    shared = SharedStates(plan, PlanColumns(plan))
    table = GroupTable(columnCount: plan.keys.count + (plan.window == nil ? 0 : 1), isFrugal: plan.memoryLimit != nil)
    keyClasses = Array(repeating: .none, count: plan.keys.count)
    strings = plan.keys.map { _ in StringTable() }
    classes = shared.states.map { $0.operation.fixedClass }
    states = shared.states.map { makeColumn($0.operation, $0.operation.fixedClass) }
  }

  /// The same without groups, and of the same classes.
  var blank: AggregationCore {
    var blank = AggregationCore(of: self)
    blank.keyClasses = keyClasses
    (blank.classes, blank.states) = (classes, states.map { $0.blank() })
    return blank
  }

  /// One of the same plan that has seen nothing.
  private init(of other: borrowing AggregationCore) {
    (plan, planBytes, slices, shared) = (other.plan, other.planBytes, other.slices, other.shared)
    table = GroupTable(columnCount: other.table.columnCount, isFrugal: other.table.isFrugal)
    keyClasses = Array(repeating: .none, count: other.keyClasses.count)
    strings = other.keyClasses.map { _ in StringTable() }
    (classes, states) = ([], [])
  }

  /// Key columns follow the slice.
  var firstKey: Int { slices == nil ? 0 : 1 }

  var byteCount: Int {
    var sum = table.byteCount + firstTimes.heldBytes + lastTimes.heldBytes + rowCounts.heldBytes + ledger.byteCount
    for table in strings { sum += table.byteCount }
    for column in states { sum += column.byteCount }
    return sum
  }

  /// Accumulators for every group.
  mutating func growColumns() {
    guard table.count > grown else { return }
    for i in states.indices { states[i].grow(to: table.count) }
    growTimes()
  }

  /// What groups have beside their states.
  mutating func growTimes() {
    if slices?.isSession == true {
      firstTimes.grow(to: table.count, with: .max)
      lastTimes.grow(to: table.count, with: .min)
    }
    if slices?.overlap == true { rowCounts.grow(to: table.count, with: 0) }
    grown = table.count
  }

  /// The class of a state's values is known now.
  mutating func settle(_ state: Int, _ valueClass: ValueClass) {
    guard classes[state] == .none else { return }
    classes[state] = valueClass
    states[state] = makeColumn(shared.states[state].operation, valueClass)
    states[state].grow(to: grown)
  }

  /// A plan with neither keys nor window has its one group even without rows.
  mutating func openOnlyGroup() {
    guard table.columnCount == 0, table.count == 0 else { return }
    var group: UInt32 = 0
    var (code, key) = (Int64(0), UInt64(0))
    unsafe withUnsafeMutablePointer(to: &group) { group in
      unsafe withUnsafeMutablePointer(to: &code) { code in
        unsafe withUnsafeMutablePointer(to: &key) { key in
          unsafe table.resolve(code, stride: 1, count: 1, masks: nil, keys: key, groups: group)
        }
      }
    }
    growColumns()
  }
}

extension Aggregation.Operation {
  /// The class of values that an operation folds whatever comes; `.none` where that depends.
  var fixedClass: ValueClass {
    switch self {
    case .count: .other
    case .quantile, .histogram: .double
    default: .none
    }
  }
}
