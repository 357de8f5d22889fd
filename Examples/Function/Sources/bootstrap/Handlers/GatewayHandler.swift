import FunctionRuntime
import Kernels

/// An API that reshapes JSON: an order comes in, and what the warehouse needs of it goes out.
///
/// The body is validated whole, and what is passed on keeps its digits and escapes byte by byte.
struct GatewayHandler: Handler, ~Copyable {
  static let expression = """
    {order: id, customer: customer.name, country: customer.address.country,
     units: sum(lines[].quantity), cents: sum(lines[].cents),
     lines: lines[?quantity > `0`].{sku: sku, quantity: quantity, cents: cents}}
    """

  private let plan: JSONPlan
  private var workspace = JSONPlan.Workspace()
  private var event = ProxyEvent()

  init() throws(HandlerError) {
    do throws(JSONPlanError) {
      plan = try JSONPlan(jmesPath: Self.expression)
    } catch {
      throw HandlerError("Init.InvalidPlan", error.description)
    }
    workspace.limits.outputByteCount = 6 << 20
    workspace.limits.valueCount = 1 << 22
  }

  mutating func handle(_ bytes: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    try event.read(bytes)
    do throws(JSONPlanError) {
      let order = try Self.apply(plan, to: event, &workspace)
      response.proxyResponse(
        type: "application/json", isBase64: false, body: String(decoding: order, as: UTF8.self))
    } catch {
      throw HandlerError(Self.type(of: error.kind), "the body: \(error)")
    }
  }

  private static func apply(
    _ plan: JSONPlan, to event: borrowing ProxyEvent, _ workspace: inout JSONPlan.Workspace
  ) throws(JSONPlanError) -> [UInt8] {
    try plan.apply(event.bytes, workspace: &workspace)
  }

  private static func type(of kind: JSONPlanError.Kind) -> String {
    switch kind {
    case .invalidDocument(let error): error.isLimit ? "Body.LimitExceeded" : "Body.InvalidJSON"
    case .limitExceeded, .outputTooSmall: "Body.LimitExceeded"
    default: "Body.InvalidOrder"
    }
  }
}
