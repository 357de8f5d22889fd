/// What an aggregation refuses, and where.
///
/// Whatever throws it leaves the aggregation as it was.
public struct AggregationError: Error, Hashable, Sendable {
  /// What kind of mistake it is.
  public enum Code: Hashable, Sendable {
    /// The plan is none, or the call does not fit the plan.
    case invalidPlan
    /// The data are not what they claim to be, or not what the plan asks for.
    case invalidData
    /// Valid, but past a limit of the plan or of the format.
    case limitExceeded
    /// Rows of these sequence numbers are partly counted already, so that the batch can be neither taken nor left out.
    case sequence
    /// The system has no more memory.
    case outOfMemory
  }

  /// What a caller may decide by.
  public let code: Code
  /// The column, or the field of the plan; empty where there is none.
  public let field: String
  /// The row or the byte of the input where it went wrong, from 0.
  public let offset: Int
  /// One sentence.
  public let message: String

  package init(_ code: Code, _ field: String, _ message: String, offset: Int = 0) {
    (self.code, self.field, self.offset, self.message) = (code, field, offset, message)
  }
}

extension AggregationError: CustomStringConvertible {
  public var description: String { field.isEmpty ? message : "\(field): \(message)" }
}
