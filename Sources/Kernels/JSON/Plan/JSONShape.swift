/// What is to be made of a JSON value, put together in Swift and compiled to a ``JSONPlan``.
///
/// ```swift
/// let plan = try JSONPlan(
///   .object(
///     .keep("id"), .rename("user_name", to: "user"), .drop("secret"),
///     .set("total", .path("order", "total").coerced(to: .number).fallback("0")),
///     .nest("address", "street", "city"), .lift("meta"), .rest))
/// ```
///
/// A shape that leads nowhere gives null, and so does all that stands on it, until a ``fallback(_:)``.
public indirect enum JSONShape: Hashable, Sendable {
  case value
  case member(JSONShape, String)
  case json(String)
  case expression(String)
  case members([JSONShapeMember])
  case sequence(JSONShape, JSONShape)
  case mapped(JSONShape, JSONShape)
  case filtered(JSONShape, JSONShape)
  case flat(JSONShape)
  case either(JSONShape, JSONShape)
  case converted(JSONShape, JSONCoercion)
}

/// A type that a value is made into; null where it cannot be.
public enum JSONCoercion: UInt8, Hashable, Sendable {
  /// Anything but null, as JMESPath's `to_string` has it.
  case string
  /// Numbers, their texts, and booleans as 1 and 0.
  case number
  /// The same without what is behind the point, within 64 bits.
  case integer
  /// Booleans, `"true"` and `"false"`, and numbers, of which 0 is false.
  case boolean
}

/// A member, or some, of an object that is made of another. Of members with the same key the last one's value stands.
public indirect enum JSONShapeMember: Hashable, Sendable {
  /// The member of that key as it is, where it is there.
  case keep(String)
  /// The member of one key under another, where it is there.
  case rename(String, to: String)
  /// A member of that key with what the shape gives, null too.
  case set(String, JSONShape)
  /// An object of that key with the named members in it.
  case nesting(String, [String])
  /// The members of the object of that key, in its place.
  case lift(String)
  /// A member that ``rest`` leaves out.
  case drop(String)
  /// All members that nothing else here names.
  case rest

  public static func nest(_ key: String, _ members: String...) -> JSONShapeMember { .nesting(key, members) }
}

extension JSONShape {
  /// The value that is there when one member after another is followed.
  public static func path(_ keys: String...) -> JSONShape { keys.reduce(.value) { .member($0, $1) } }

  /// Always this JSON value.
  public static func constant(_ json: String) -> JSONShape { .json(json) }

  /// What a JMESPath expression gives.
  public static func jmesPath(_ expression: String) -> JSONShape { .expression(expression) }

  /// An object made of the value, which is one, too; null of anything else.
  public static func object(_ members: JSONShapeMember...) -> JSONShape { .members(members) }

  /// `next` of what this gives.
  public func then(_ next: JSONShape) -> JSONShape { .sequence(self, next) }

  /// The array with each element through `shape`.
  public func map(_ shape: JSONShape) -> JSONShape { .mapped(self, shape) }

  /// The array's elements for which `condition` is true, as JMESPath has it.
  public func filter(_ condition: JSONShape) -> JSONShape { .filtered(self, condition) }

  /// The array with the elements of the arrays in it in their places; nulls go.
  public func flattened() -> JSONShape { .flat(self) }

  /// This JSON value where there is null, or nothing.
  public func fallback(_ json: String) -> JSONShape { .either(self, .json(json)) }

  /// The value as one of that type.
  public func coerced(to type: JSONCoercion) -> JSONShape { .converted(self, type) }
}

extension JSONPlan {
  /// Compiles a shape.
  ///
  /// - Throws: ``JSONPlanError`` for constants that are not JSON, expressions that are wrong, and nesting beyond 100 levels.
  public init(_ shape: JSONShape) throws(JSONPlanError) {
    var builder = PlanBuilder()
    let root = try builder.node(shape, 0)
    self.init(code: try PlanCode(builder.compiler, root: root))
  }
}
