/// A compiled plan: what the front ends build and the machine reads. Immutable; freed with its last owner.
@safe
package final class PlanCode: @unchecked Sendable {
  let nodes: UnsafePointer<PlanNode>
  let lists: UnsafePointer<Int32>
  let keys: UnsafePointer<PlanKey>
  let bytes: UnsafePointer<UInt8>
  let slices: UnsafePointer<PlanSlice>
  /// What the plan reads of a document, where that is not everything: places and members of ``PlanReach``.
  let isSelective: Bool
  let places: UnsafePointer<PlanReach.Place>
  /// It reads members of arrays' elements.
  let readsElements: Bool
  let members: UnsafePointer<PlanReach.Member>
  let regexps: [IRegexp]
  let root: Int32
  /// Literals: one array of them, and its text, which the document reads.
  let literals: JSONDocument
  /// The value of each node of the literals that is a number.
  let literalNumbers: UnsafePointer<PlanNumber>
  private let literalText: UnsafeMutableRawBufferPointer

  init(_ compiler: borrowing PlanCompiler, root: Int32) throws(JSONPlanError) {
    func copied<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
      let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      unsafe elements.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { unsafe memory.initialize(from: base, count: source.count) }
      }
      return unsafe memory
    }
    let nodes = unsafe copied(compiler.nodes)
    unsafe self.nodes = UnsafePointer(nodes)
    unsafe lists = UnsafePointer(copied(compiler.lists))
    unsafe keys = UnsafePointer(copied(Self.withIDs(compiler)))
    // With room to read past the last one's end in whole words.
    unsafe bytes = UnsafePointer(copied(compiler.bytes + [UInt8](repeating: 0, count: PlanOutput.wideByteCount)))
    unsafe slices = UnsafePointer(copied(compiler.slices))
    let reach = PlanReach(compiler, root: root)
    isSelective = reach != nil
    readsElements = reach?.places.contains { $0.elements >= 0 } ?? false
    unsafe places = UnsafePointer(copied(reach?.places ?? []))
    unsafe members = UnsafePointer(copied(reach?.members ?? []))
    regexps = compiler.regexps
    self.root = root
    var document = JSONDocument()
    unsafe literalText = UnsafeMutableRawBufferPointer(
      start: copied(compiler.literals + [UInt8(ascii: "]")]), count: compiler.literals.count + 1)
    if compiler.literalCount > 0 {
      do throws(JSONError) {
        try unsafe document.parse(borrowing: UnsafeRawBufferPointer(literalText))
      } catch {
        literals = document
        unsafe literalNumbers = UnsafePointer(copied([]))
        throw JSONPlanError(.syntax, at: 0, "a literal that is not JSON: \(error)")
      }
      // A literal's node is known now, by its place among the array's elements.
      var places: [Int] = []
      places.reserveCapacity(compiler.literalCount)
      let tape = unsafe document.tape
      var index = 1
      while unsafe index < tape.next(0) {
        places.append(index)
        index = unsafe tape.next(index)
      }
      for index in compiler.nodes.indices {
        if unsafe nodes[index].op == .literal { unsafe nodes[index].number = places[nodes[index].number] }
      }
    }
    var numbers: [PlanNumber] = []
    for index in 0..<document.nodeCount {
      let text = unsafe document.tape.raw(index).assumingMemoryBound(to: UInt8.self)
      unsafe numbers.append(document.tape.kind(index) == .number ? PlanNumber(text) : PlanNumber(0 as Int64))
    }
    unsafe literalNumbers = UnsafePointer(copied(numbers))
    literals = document
  }

  /// The keys with their ids: not of plans with so many that to compare them all takes its time.
  private static func withIDs(_ compiler: borrowing PlanCompiler) -> [PlanKey] {
    var keys = compiler.keys
    guard keys.count <= PlanKey.maximumIDs else { return keys }
    unsafe compiler.bytes.withUnsafeBufferPointer { bytes in
      guard let text = bytes.baseAddress else { return }
      for i in keys.indices {
        let key = keys[i]
        let first = keys.firstIndex {
          unsafe $0.count == key.count && sameBytes(text + Int($0.start), text + Int(key.start), Int(key.count))
        }
        keys[i].id = Int32(truncatingIfNeeded: first ?? i) &+ 1
      }
    }
    return keys
  }

  deinit {
    unsafe nodes.deallocate()
    unsafe lists.deallocate()
    unsafe keys.deallocate()
    unsafe bytes.deallocate()
    unsafe slices.deallocate()
    unsafe places.deallocate()
    unsafe members.deallocate()
    unsafe literalNumbers.deallocate()
    unsafe literalText.deallocate()
  }
}
