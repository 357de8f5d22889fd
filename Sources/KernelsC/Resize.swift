// The C ABI of resizes. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

/// Pixels in memory to pixels in memory, as Swift's `Resizer`. Of two or four channels the last is alpha.
///
/// - Returns: `KN_INVALID_ARGUMENT` for whatever breaks a precondition in Swift, for a size that is not from 1 to 2^31 - 1 and for an unknown
///   filter; `KN_LIMIT_EXCEEDED` where the memory that the call needs cannot be counted, `KN_OUT_OF_MEMORY` where there is none. The output
///   is untouched then.
/// - Complexity: O(pixels × taps), and one allocation for the length of the call.
@c @implementation
public func kn_resize(
  _ pixels: UnsafePointer<UInt8>!, _ width: UInt32, _ height: UInt32, _ channels: Int32, _ bits: Int32,
  _ stride: Int, _ filter: Int32, _ linear_light: Int32, _ out: UnsafeMutablePointer<UInt8>!, _ out_width: UInt32,
  _ out_height: UInt32, _ out_stride: Int
) -> kn_status {
  guard let filter = ResizeFilter(rawValue: filter), linear_light == 0 || linear_light == 1,
    let pixels = unsafe UnsafeRawPointer(pixels), let out = unsafe UnsafeMutableRawPointer(out)
  else { return kn_status(KN_INVALID_ARGUMENT) }
  let plan: ResizePlan
  do throws(ResizeError) {
    plan = try ResizePlan(
      source: ImageSize(width: Int(width), height: Int(height)),
      output: ImageSize(width: Int(out_width), height: Int(out_height)),
      layout: PixelLayout(channels: Int(channels), bits: Int(bits)), filter: filter, linearLight: linear_light == 1)
  } catch {
    return kn_status(error == .tooLarge ? KN_LIMIT_EXCEEDED : KN_INVALID_ARGUMENT)
  }
  let source = PixelRows(
    address: UInt(bitPattern: pixels), rows: Int(height), stride: stride, row: plan.sourceRowByteCount)
  let target = PixelRows(
    address: UInt(bitPattern: out), rows: Int(out_height), stride: out_stride, row: plan.outputRowByteCount)
  guard let sourceCount = source.byteCount(bits: Int(bits)), let targetCount = target.byteCount(bits: Int(bits)) else {
    return kn_status(KN_INVALID_ARGUMENT)
  }
  var scratch = Scratch()
  guard scratch.tryReserve(plan.scratchByteCount) else { return kn_status(KN_OUT_OF_MEMORY) }
  var resizer = Resizer(plan, scratch: scratch)
  unsafe resizer.resize(
    UnsafeRawBufferPointer(start: pixels, count: sourceCount), stride: stride,
    into: UnsafeMutableRawBufferPointer(start: out, count: targetCount), outputStride: out_stride)
  return kn_status(KN_OK)
}

/// Where rows lie that a C caller hands in.
struct PixelRows {
  let address: UInt
  let rows, stride, row: Int

  /// Bytes from the first to the last, of which the last row need not fill its stride; nil where that is no memory.
  func byteCount(bits: Int) -> Int? {
    guard stride >= row, bits == 8 || (address | UInt(stride)) & 1 == 0 else { return nil }
    let (before, overflow) = (rows - 1).multipliedReportingOverflow(by: stride)
    let (all, overflowAll) = before.addingReportingOverflow(row)
    guard !overflow && !overflowAll && UInt(all) <= UInt.max - address else { return nil }
    return all
  }
}
