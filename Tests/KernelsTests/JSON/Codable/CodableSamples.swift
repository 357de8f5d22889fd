import Foundation
import Kernels
import Testing

/// Types of every shape that the compiler and hands write coding for.
enum CodableSamples {
  struct Order: Codable, Hashable {
    var id: Int
    var customer: Customer
    var lines: [Line]
    var note: String?
    var tags: [String: [Double]]
    var byNumber: [Int: String]
    var isPaid: Bool
    var payment: Payment
    var level: Level
    var weight: Float
    var small: Int8
    var big: UInt64
    var nested: [[Int?]]
  }

  struct Customer: Codable, Hashable {
    var fullName: String
    var addressLine: String?

    enum CodingKeys: String, CodingKey {
      case fullName = "name"
      case addressLine
    }
  }

  struct Line: Codable, Hashable {
    var sku: String
    var count: UInt16
    var price: Double
  }

  indirect enum Payment: Codable, Hashable {
    case cash
    case card(number: String, month: Int)
    case split(Payment, Payment)
  }

  enum Level: String, Codable, Hashable, CodingKeyRepresentable {
    case low, high
  }

  class Animal: Codable {
    var legs: Int
    init(legs: Int) { self.legs = legs }
  }

  /// A superclass's part under `super`, and containers made by hand, one filled after another was begun.
  final class Dog: Animal {
    var name: String
    var places: [String]

    enum CodingKeys: CodingKey { case name, places, kennel }
    enum KennelKeys: CodingKey { case rooms }

    init(legs: Int, name: String, places: [String]) {
      (self.name, self.places) = (name, places)
      super.init(legs: legs)
    }

    required init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      var places: [String] = []
      var list = try container.nestedContainer(keyedBy: KennelKeys.self, forKey: .kennel)
        .nestedUnkeyedContainer(forKey: .rooms)
      while !list.isAtEnd {
        if try list.decodeNil() { continue }
        places.append(try list.decode(String.self))
      }
      self.places = places
      try super.init(from: container.superDecoder())
    }

    override func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      let above = container.superEncoder()
      var kennel = container.nestedContainer(keyedBy: KennelKeys.self, forKey: .kennel)
      try container.encode(name, forKey: .name)
      var list = kennel.nestedUnkeyedContainer(forKey: .rooms)
      for place in places {
        try list.encode(place)
        try list.encodeNil()
      }
      try super.encode(to: above)
    }
  }

  static func order(_ seed: Int) -> Order {
    Order(
      id: seed &* 7_919 - 40,
      customer: Customer(fullName: "Zoë \"Q\" \(seed)\n\u{1}", addressLine: seed % 2 == 0 ? nil : "/x\\y"),
      lines: (0..<seed % 5).map { Line(sku: "sku-\($0) \u{1F600}", count: UInt16($0 * 999), price: Double($0) / 7) },
      note: seed % 3 == 0 ? "" : nil,
      tags: Dictionary(uniqueKeysWithValues: (0..<seed % 40).map { ("key number \($0)", [Double($0), -0.5, 1e300]) }),
      byNumber: [seed: "a", -1: "b"], isPaid: seed % 2 == 0,
      payment: seed % 3 == 0 ? .cash : .split(.card(number: "4\(seed)", month: seed % 12), .cash),
      level: seed % 2 == 0 ? .low : .high, weight: Float(seed) / 3, small: Int8(truncatingIfNeeded: seed),
      big: UInt64.max - UInt64(seed), nested: [[], [1, nil, seed]])
  }
}

func utf8(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
