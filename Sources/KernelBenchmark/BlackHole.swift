public import CMachineCeilings

/// Tells the optimiser that `value` is needed, so that what computes it is done at each call and not dropped.
///
/// Costs no instruction beyond having the value in a register; touches no memory.
@inlinable @inline(__always)
public func blackHole(_ value: some FixedWidthInteger) { cm_keep_integer(UInt64(truncatingIfNeeded: value)) }

@inlinable @inline(__always)
public func blackHole(_ value: Double) { cm_keep_double(value) }

@inlinable @inline(__always)
public func blackHole(_ value: Float) { cm_keep_float(value) }

@inlinable @inline(__always)
public func blackHole(_ value: Bool) { cm_keep_integer(value ? 1 : 0) }

/// Tells the optimiser that `value`, of any other type, is needed. The value is put into memory for that, and whatever it
/// refers to counts as read.
@inline(never)
public func blackHole<Value: ~Copyable>(_ value: borrowing Value) {
  unsafe withUnsafePointer(to: value) { unsafe cm_keep_memory($0) }
}
