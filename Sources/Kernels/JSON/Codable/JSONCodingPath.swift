/// Where a value stands: what a `codingPath` is made of when it is asked for.
indirect enum JSONCodingPath {
  case root
  case child(JSONCodingPath, JSONCodingStep)

  func appending(_ step: JSONCodingStep) -> JSONCodingPath {
    if case .none = step { return self }
    return .child(self, step)
  }

  var keys: [any CodingKey] {
    var keys: [any CodingKey] = []
    var path = self
    while case .child(let parent, let step) = path {
      switch step {
      case .none: break
      case .key(let key): keys.append(key)
      case .element(let place): keys.append(JSONCodingKey(intValue: place))
      }
      path = parent
    }
    keys.reverse()
    return keys
  }
}

/// From a container to what is in it. Kept apart from the path, so that a scalar that is read without error makes none.
enum JSONCodingStep {
  case none
  case key(any CodingKey)
  case element(Int)
}

/// The key of an element, and of a superclass's part.
struct JSONCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = ("Index \(intValue)", intValue) }

  static var `super`: JSONCodingKey { JSONCodingKey(stringValue: "super") }
}
