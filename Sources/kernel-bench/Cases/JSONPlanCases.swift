import BenchHarness
import KernelBenchmark
import Kernels

extension KernelCases {
  /// Plans over texts: a gateway's body, a page of messages, lines; and what it costs to compile one.
  func jsonPlans(_ context: CaseContext) -> [CaseSeries] {
    context.variants(JSONIndexKernel.kernels.map { ($0.name, $0.requires) }).flatMap { variant in
      let (row, alone) = (variant.row, context.kernelAlone)
      return [
        series("json-gateway", variant, [.init(10, label: "10-fields")]) { _ in
          (
            JSONPlanTexts.order, FoundationJSON.coders,
            { work in
              try work.apply(
                row, try JSONPlan(jmesPath: JSONPlanTexts.orderPlan), alone: alone, Order.self, Summary.init)
            }
          )
        },
        series("json-messages", variant, [.init(10), .init(100), .init(1000)]) { count in
          (
            JSONPlanTexts.messages(count), FoundationJSON.coders,
            { work in
              try work.apply(row, try JSONPlan(jmesPath: JSONPlanTexts.messagePlan), alone: alone, Page.self) { page in
                page.statuses.map { Excerpt(id: $0.id, text: $0.text, user: $0.user.name) }
              }
            }
          )
        },
        series("json-lines", variant, [.init(1000), .init(10_000)]) { count in
          (
            JSONPlanTexts.events(count), FoundationJSON.coders,
            { work in
              try work.lines(row, try JSONPlan(jmesPath: JSONPlanTexts.eventPlan), alone: alone, Event.self) { event in
                event.price > 19.95 ? Device(id: event.id, device: event.device) : nil
              }
            }
          )
        },
        series("json-columns", variant, [.init(1000), .init(10_000)]) { count in
          (
            JSONPlanTexts.events(count), FoundationJSON.coders,
            { work in
              try work.columns(
                row, [("id", .int64), ("device", .string), ("price", .double), ("ok", .bool)], alone: alone, Event.self)
            }
          )
        },
        series("json-pointer", variant, [.init(1, label: "2KB")]) { _ in
          (JSONPlanTexts.order, nil, { try $0.apply(row, try JSONPlan(pointer: "/customer/address/city")) })
        },
        series("json-patch", variant, [.init(4, label: "4-operations")]) { _ in
          (JSONPlanTexts.order, nil, { try $0.apply(row, try JSONPlan(patch: JSONPlanTexts.patch)) })
        },
      ]
    } + [compiling(context)]
  }

  private typealias Made = (text: String, peer: Peer?, contenders: (JSONPlanWork) throws -> [Contender])

  private func series(
    _ name: String, _ variant: RowVariant, _ points: [CaseSeries.Point], _ make: @escaping (Int) -> Made
  ) -> CaseSeries {
    CaseSeries(name: name, suffix: variant.suffix, points: points) { point, caseName in
      let made = make(point.size)
      let bytes = made.text.utf8.count
      return BenchmarkCase(
        name: caseName, series: "\(name)\(variant.suffix)", size: point.size,
        parameters: [.init("bytes", bytes)], unit: .bytes, row: variant.row, ceiling: .reading(bytes: bytes),
        workingSet: 2 * bytes, disabled: variant.disabled, peers: made.peer.map { [$0] } ?? []
      ) { try made.contenders(JSONPlanWork(made.text)) }
    }
  }

  /// A plan of ten fields from its text; a call is one plan.
  private func compiling(_ context: CaseContext) -> CaseSeries {
    CaseSeries(name: "json-plan-compile", points: [.init(10, label: "10-fields")]) { point, name in
      BenchmarkCase(
        name: name, series: "json-plan-compile", size: point.size, parameters: [.init("fields", point.size)],
        unit: .elements, row: "portable", ceiling: .none(reason: "a compiler has no ceiling but its instructions")
      ) {
        [
          Contender("JSONPlan.init", role: .kernel, work: 1) { iterations in
            try repeating(iterations) { _ = try JSONPlan(jmesPath: JSONPlanTexts.orderPlan) }
          }
        ]
      }
    }
  }
}

// MARK: - The same with types, for Foundation

private struct Order: Decodable {
  struct Customer: Decodable {
    struct Address: Decodable { let city: String }
    let name: String
    let address: Address
  }
  struct Flags: Decodable {
    let express: Bool
    let risk: Double
    enum CodingKeys: String, CodingKey {
      case express
      case risk = "fraud_score"
    }
  }
  let id: String
  let customer: Customer
  let total: Double
  let currency: String
  let created: String
  let status: String
  let flags: Flags
  let region: String
}

private struct Summary: Encodable {
  let order, customer, city: String
  let total: Double
  let currency, created, status: String
  let express: Bool
  let risk: Double
  let region: String

  init(_ order: Order) {
    (self.order, customer, city) = (order.id, order.customer.name, order.customer.address.city)
    (total, currency, created, status) = (order.total, order.currency, order.created, order.status)
    (express, risk, region) = (order.flags.express, order.flags.risk, order.region)
  }
}

private struct Page: Decodable {
  struct User: Decodable {
    let name: String
    enum CodingKeys: String, CodingKey { case name = "screen_name" }
  }
  struct Status: Decodable {
    let id: String
    let text: String
    let user: User
    enum CodingKeys: String, CodingKey {
      case id = "id_str"
      case text, user
    }
  }
  let statuses: [Status]
}

private struct Excerpt: Encodable {
  let id, text, user: String
}

private struct Event: Decodable {
  let id: Int
  let device: String
  let price: Double
  let ok: Bool
}

private struct Device: Encodable {
  let id: Int
  let device: String
}
