import Kernels
import Testing

/// A plan's text, a document, and what comes out: JSON, or `!` and the kind of the error.
struct JSONPlanCase: CustomTestStringConvertible {
  let plan: String
  let document: String
  let expected: String

  init(_ plan: String, _ document: String, _ expected: String) {
    (self.plan, self.document, self.expected) = (plan, document, expected)
  }

  var testDescription: String { plan }

  /// What a plan of that language gives.
  static func result(_ language: JSONPlan.Language, _ plan: String, _ document: String) -> String {
    do {
      let plan = try JSONPlan(language, Array(plan.utf8))
      return String(decoding: try unsafe plan.apply(Array(document.utf8).span.bytes), as: UTF8.self)
    } catch {
      if case .invalidDocument = error.kind { return "!invalidDocument" }
      return "!\(error.kind)"
    }
  }

  func check(_ language: JSONPlan.Language) {
    #expect(Self.result(language, plan, document) == expected, "\(plan) of \(document)")
  }
}
