/// Which states a plan needs, and what they are folded from. Aggregates of one column that can be told from the same state share one: sum and
/// mean, variance and standard deviation, all quantiles, and those that are there twice.
struct SharedStates: Sendable {
  struct State: Sendable {
    /// What the state is made for: of all that share it, the one that needs most.
    var operation: Aggregation.Operation
    /// The aggregates that are told from it, in the order of the plan.
    var aggregates: [Int]
  }

  /// Values that are looked at once for all states that fold them.
  struct Input: Sendable {
    /// The place of the column in ``PlanColumns/names``; nil for rows.
    let place: Int?
    let kind: Kind
    var states: [Int]
    /// Whether a state wants runs reduced as a whole.
    var wantsRuns: Bool
  }

  /// What is taken of a column.
  enum Kind: Hashable, Sendable {
    /// Which rows have a value, and no more.
    case presence
    case values
    /// Integers as doubles.
    case doubles
  }

  private(set) var states: [State] = []
  /// Of each aggregate.
  private(set) var stateOf: [Int] = []
  private(set) var inputs: [Input] = []

  init(_ plan: Aggregation, _ places: PlanColumns) {
    struct Need: Hashable {
      let place: Int?
      let family: Aggregation.Operation
    }
    var known: [Need: Int] = [:]
    for (i, aggregate) in plan.aggregates.enumerated() {
      let need = Need(place: places.aggregates[i], family: aggregate.operation.family)
      if let known = known[need] {
        states[known].aggregates.append(i)
        // A mean counts its values as well.
        if aggregate.operation == .mean { states[known].operation = .mean }
        stateOf.append(known)
      } else {
        known[need] = states.count
        stateOf.append(states.count)
        states.append(State(operation: aggregate.operation, aggregates: [i]))
      }
    }
    for (i, state) in states.enumerated() {
      let (place, kind) = (places.aggregates[state.aggregates[0]], state.operation.inputKind)
      if let known = inputs.firstIndex(where: { $0.place == place && $0.kind == kind }) {
        inputs[known].states.append(i)
        inputs[known].wantsRuns = inputs[known].wantsRuns || state.operation.takesRuns
      } else {
        inputs.append(Input(place: place, kind: kind, states: [i], wantsRuns: state.operation.takesRuns))
      }
    }
  }
}

extension Aggregation.Operation {
  /// Equal for operations that are told from one state.
  fileprivate var family: Aggregation.Operation {
    switch self {
    case .mean: .sum
    case .stddev: .variance
    case .quantile: .quantile(0)
    default: self
    }
  }

  fileprivate var inputKind: SharedStates.Kind {
    switch self {
    case .count: .presence
    case .quantile, .histogram: .doubles
    default: .values
    }
  }

  /// Whether ``GroupRun`` or ``IntegerRun`` holds what the state folds.
  fileprivate var takesRuns: Bool {
    switch self {
    case .sum, .mean, .min, .max, .variance, .stddev: true
    default: false
    }
  }
}
