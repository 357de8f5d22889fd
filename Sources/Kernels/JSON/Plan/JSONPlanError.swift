/// Why a plan could not be compiled, or could not be applied.
public struct JSONPlanError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Kind: Hashable, Sendable {
    /// The text is not of the language.
    case syntax
    /// JMESPath and JSONPath: a function that is none.
    case unknownFunction
    /// A function with too few or too many arguments.
    case invalidArity
    /// An argument, or the two sides of an operation, of a type that it does not take.
    case invalidType
    /// A value that is out of its domain: a slice's step of 0.
    case invalidValue
    /// JSON Pointer and Patch: no value where the path leads.
    case pathNotFound
    /// JSON Patch: an operation `test` that found another value.
    case testFailed
    /// The input is not JSON, or past one of its limits.
    case invalidDocument(JSONError)
    /// Past a limit of ``JSONPlan/Limits`` or of an expression's nesting.
    case limitExceeded
    /// The result is longer than the caller's buffer.
    case outputTooSmall
  }

  public let kind: Kind
  /// The step: byte offset into the plan's text where the failing part of it begins.
  ///
  /// Of a plan that was built in Swift, the number of the step.
  public let step: Int
  /// One sentence.
  public let message: String
  /// Where in the input: what is no JSON, or the value that the failing step was given. nil for errors of the plan's own text, and
  /// where that value was computed.
  public internal(set) var input: Input?

  /// A place in the input.
  public struct Input: Hashable, Sendable {
    /// Of the first byte.
    public let offset: Int
    /// JSON Pointer, RFC 6901.
    public let path: String
  }

  package init(_ kind: Kind, at step: Int, _ message: String) {
    self.kind = kind
    self.step = step
    self.message = message
    if case .invalidDocument(let error) = kind { input = Input(offset: error.offset, path: error.path) }
  }

  /// Line and column of ``input`` in the text, from 1; nil where there is none.
  ///
  /// - Complexity: O(offset).
  public func position(in text: RawSpan) -> (line: Int, column: Int)? {
    input.map { JSONError(.unexpectedByte, offset: $0.offset).position(in: text) }
  }

  /// "In the expression at byte 12: unknown function lenght"
  public var description: String {
    switch kind {
    case .invalidDocument(let error): "\(error)"
    default:
      "step at \(step): \(message)\(input.map { ", at byte \($0.offset)\($0.path.isEmpty ? "" : ", in \($0.path)")" } ?? "")"
    }
  }
}
