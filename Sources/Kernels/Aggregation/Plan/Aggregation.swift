/// What to fold of a stream: keys, aggregates, and a window in event time.
///
/// ```swift
/// let plan = Aggregation {
///   key("device")
///   sum("v", as: "total")
///   count(as: "n")
/// }.tumbling(.seconds(60), on: "ts")
/// ```
/// A value; ``Aggregator`` folds by it.
public struct Aggregation: Hashable, Sendable {
  /// Columns whose values make a group. Empty: all rows are one group.
  public private(set) var keys: [String] = []
  /// In the order of the output.
  public private(set) var aggregates: [Aggregate] = []
  /// nil: one window without bounds.
  public private(set) var window: Window?
  /// Bytes that the state may hold; nil: no limit.
  public private(set) var memoryLimit: Int?
  /// What happens at the limit.
  public private(set) var overflow = Overflow.fail

  /// One column of the output.
  public struct Aggregate: Hashable, Sendable {
    /// What is made of the values.
    public let operation: Operation
    /// nil only where ``Operation/count`` counts rows.
    public let column: String?
    /// The name in the output.
    public let name: String
  }

  /// What can be made of a group's values. Nulls are passed over.
  public enum Operation: Hashable, Sendable {
    /// Rows, or values that are not null. Of nothing: 0.
    case count
    /// Exact, rounded once. Of integers Int64, of floats Double; of nothing: null.
    case sum
    case min, max
    /// Exact, rounded once. Double.
    case mean
    /// Of a sample, n - 1; null for fewer than two values. Exact, rounded once.
    case variance, stddev
    /// By the window's time; of values at the same time the smaller.
    case first, last
    /// HyperLogLog of 4,096 registers, as DataSketches' `HLL_8` with lg_k 12.
    case approxDistinct
    /// DDSketch with a relative error of 1 %. From 0 to 1.
    case quantile(Double)
    /// The k most frequent values, by SpaceSaving.
    case topK(Int)
    /// How many values lie below the first bound, from each bound to the next, and from the last one on.
    case histogram([Double])

    /// As in the plan's JSON.
    public var name: String {
      switch self {
      case .count: "count"
      case .sum: "sum"
      case .min: "min"
      case .max: "max"
      case .mean: "mean"
      case .variance: "variance"
      case .stddev: "stddev"
      case .first: "first"
      case .last: "last"
      case .approxDistinct: "approx_distinct"
      case .quantile: "quantile"
      case .topK: "top_k"
      case .histogram: "histogram"
      }
    }
  }

  /// A window in event time, in milliseconds.
  public struct Window: Hashable, Sendable {
    /// Which windows a row is in. Starts are inclusive, ends exclusive.
    public enum Kind: Hashable, Sendable {
      /// From each multiple of the size to the next.
      case tumbling(size: Int64)
      /// From each multiple of the hop on.
      case hopping(size: Int64, hop: Int64)
      /// For each time at which a key has rows, those of the `size` that ends with it.
      case sliding(size: Int64)
      /// Rows of a key less than the gap apart, in a chain; ends a gap after its last row.
      case session(gap: Int64)
    }

    /// With its lengths.
    public let kind: Kind
    /// The column with the time.
    public let time: String
    /// How much later than the watermark a window closes.
    public let lateness: Int64
  }

  /// What an update does that would pass the memory limit.
  public enum Overflow: Hashable, Sendable {
    /// The update throws, with nothing changed.
    case fail
    /// New groups are not opened any more: their rows go to the window's group whose keys are all null.
    case sketch
  }

  /// The longest window, gap, hop and lateness, and the largest distance of a time from 1970: 2^60 ms, 36 million years.
  public static let maximumMilliseconds: Int64 = 1 << 60
  /// How many hopping windows one row may be in.
  public static let maximumOverlap: Int64 = 100_000
  /// How many keys a plan may have.
  public static let maximumKeyCount = 60
  /// How many aggregates a plan may have.
  public static let maximumAggregateCount = 1_024

  // MARK: - Building

  /// What a plan is built of: see ``key(_:)``, ``sum(_:as:)`` and their kin.
  public struct Element: Hashable, Sendable {
    enum Content: Hashable, Sendable {
      case key(String)
      case aggregate(Aggregate)
    }
    let content: Content
  }

  /// Makes a plan of elements in braces; `if`, `for` and `switch` are fine.
  @resultBuilder
  public enum Builder {
    public static func buildExpression(_ element: Element) -> [Element] { [element] }
    public static func buildBlock(_ parts: [Element]...) -> [Element] { parts.flatMap(\.self) }
    public static func buildOptional(_ part: [Element]?) -> [Element] { part ?? [] }
    public static func buildEither(first part: [Element]) -> [Element] { part }
    public static func buildEither(second part: [Element]) -> [Element] { part }
    public static func buildArray(_ parts: [[Element]]) -> [Element] { parts.flatMap(\.self) }
  }

  /// Keys and aggregates in their order, without a window and a memory limit.
  ///
  /// Nothing is checked here: ``Aggregator/init(_:)`` says what is wrong with a plan.
  public init(@Builder _ elements: () -> [Element]) {
    for element in elements() {
      switch element.content {
      case .key(let column): keys.append(column)
      case .aggregate(let aggregate): aggregates.append(aggregate)
      }
    }
  }

  package init(keys: [String], aggregates: [Aggregate], window: Window?, memoryLimit: Int?, overflow: Overflow) {
    (self.keys, self.aggregates, self.window) = (keys, aggregates, window)
    (self.memoryLimit, self.overflow) = (memoryLimit, overflow)
  }

  /// In windows of `size`, one after the other.
  public func tumbling(_ size: Duration, on time: String, lateness: Duration = .zero) -> Aggregation {
    windowed(.tumbling(size: size.milliseconds), time, lateness)
  }

  /// In windows of `size`, one starting each `hop`.
  public func hopping(_ size: Duration, every hop: Duration, on time: String, lateness: Duration = .zero) -> Aggregation
  {
    windowed(.hopping(size: size.milliseconds, hop: hop.milliseconds), time, lateness)
  }

  /// In windows of `size` that end with the rows themselves: a window for each millisecond at which a key has rows.
  ///
  /// One of a row at t starts at t + 1 ms - size and ends at t + 1 ms, which it does not hold. It closes as any other; rows that come after
  /// that go into the windows of later rows alone, and are late once all of these could be closed. Windows a step apart are
  /// ``hopping(_:every:on:lateness:)``.
  public func sliding(_ size: Duration, on time: String, lateness: Duration = .zero) -> Aggregation {
    windowed(.sliding(size: size.milliseconds), time, lateness)
  }

  /// In sessions of each group, that end where nothing comes for `gap`.
  public func session(gap: Duration, on time: String, lateness: Duration = .zero) -> Aggregation {
    windowed(.session(gap: gap.milliseconds), time, lateness)
  }

  private func windowed(_ kind: Window.Kind, _ time: String, _ lateness: Duration) -> Aggregation {
    var plan = self
    plan.window = Window(kind: kind, time: time, lateness: lateness.milliseconds)
    return plan
  }

  /// With a state of at most `bytes`.
  public func memoryLimit(_ bytes: Int, overflow: Overflow = .fail) -> Aggregation {
    var plan = self
    (plan.memoryLimit, plan.overflow) = (bytes, overflow)
    return plan
  }
}

extension Duration {
  /// Rounded down; what does not fit becomes the nearest that does.
  fileprivate var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    if overflow { return seconds < 0 ? .min : .max }
    let rest = attoseconds / 1_000_000_000_000_000 - (attoseconds % 1_000_000_000_000_000 < 0 ? 1 : 0)
    let (sum, over) = scaled.addingReportingOverflow(rest)
    return over ? (seconds < 0 ? .min : .max) : sum
  }
}
