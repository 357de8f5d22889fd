import CKernels
import Synchronization

// MARK: - The process's features

/// What the process may use, or 0 before anybody asked. Two words: that is all the global state that the library has.
private let active = Atomic<UInt64>(0)

/// Set in `active` once it is filled, so that a CPU without any feature is not detected again at every call.
private let knownBit: UInt64 = 1 << 63

extension CPUFeatures {
  /// What this process may use now: ``detected`` without what ``disable(_:)`` has taken away.
  ///
  /// One relaxed load after the first call. The first call runs CPUID some ten times (a microsecond; under a hypervisor, tens).
  @inline(__always)
  public static var current: CPUFeatures {
    let word = active.load(ordering: .relaxed)
    return CPUFeatures(rawValue: (word != 0 ? word : activate()) & ~knownBit)
  }

  /// What the CPU has and the operating system lets this process use, whatever is masked.
  ///
  /// Asks the hardware at each call. On Linux this also requests permission for the AMX tile registers,
  /// which the kernel grants or refuses for the whole process.
  public static var detected: CPUFeatures { detect().closed }

  /// Masks features for the whole process, so that every implementation can be tested and measured on one machine.
  ///
  /// A later call replaces an earlier one; `disable([])` restores all. Masking a feature masks what depends on it.
  /// Features that are not there, or of another architecture, mask nothing.
  ///
  /// Meant for tests and benchmarks: a call that runs at the same time on another thread takes the old set or the new one.
  public static func disable(_ features: CPUFeatures) {
    active.store(detect().subtracting(features).closed.rawValue | knownBit, ordering: .relaxed)
  }

  @inline(never)
  private static func activate() -> UInt64 {
    let word = detected.rawValue | knownBit
    // A mask set meanwhile by another thread must win over plain detection.
    let (exchanged, original) = active.compareExchange(expected: 0, desired: word, ordering: .relaxed)
    return exchanged ? word : original
  }
}

// MARK: - Detection

#if arch(x86_64)
  extension CPUFeatures {
    /// Intel SDM volume 2A, CPUID leaves 1 and 7; volume 1, chapter 13 for XCR0.
    private static func detect() -> CPUFeatures {
      let leaf1 = ck_cpuid(1, 0)
      let leaf7 = ck_cpuid(7, 0)
      let leaf7sub1 = leaf7.eax >= 1 ? ck_cpuid(7, 1) : ck_cpuid_registers()
      let saved = ck_xcr0()

      var result = CPUFeatures()
      func add(_ feature: CPUFeatures, _ register: UInt32, bit: UInt32) {
        if register >> bit & 1 == 1 { result.insert(feature) }
      }
      add(.ssse3, leaf1.ecx, bit: 9)
      add(.sse41, leaf1.ecx, bit: 19)
      add(.sse42, leaf1.ecx, bit: 20)
      add(.pclmulqdq, leaf1.ecx, bit: 1)
      add(.aes, leaf1.ecx, bit: 25)
      // Rows for BMI2 use BMI1 as well, which every CPU with the one has.
      if leaf7.ebx >> 3 & 1 == 1 { add(.bmi2, leaf7.ebx, bit: 8) }
      add(.sha, leaf7.ebx, bit: 29)
      add(.gfni, leaf7.ecx, bit: 8)

      let ymm: UInt64 = 0b110  // XMM and the upper halves of YMM
      if saved & ymm == ymm {
        add(.avx, leaf1.ecx, bit: 28)
        add(.fma, leaf1.ecx, bit: 12)
        add(.avx2, leaf7.ebx, bit: 5)
        add(.vaes, leaf7.ecx, bit: 9)
        add(.vpclmulqdq, leaf7.ecx, bit: 10)
      }
      let zmm: UInt64 = 0b1110_0110  // and the mask registers, the upper halves of ZMM0-15, and ZMM16-31
      if saved & zmm == zmm {
        add(.avx512f, leaf7.ebx, bit: 16)
        add(.avx512bw, leaf7.ebx, bit: 30)
        add(.avx512vl, leaf7.ebx, bit: 31)
        add(.avx512ifma, leaf7.ebx, bit: 21)
        // Rows for VBMI2 use VBMI and VPOPCNTDQ as well, which every CPU with the one has.
        if leaf7.ecx >> 1 & leaf7.ecx >> 14 & 1 == 1 { add(.avx512vbmi2, leaf7.ecx, bit: 6) }
        add(.avx512vnni, leaf7.ecx, bit: 11)
        add(.avx512bf16, leaf7sub1.eax, bit: 5)
      }
      let tiles: UInt64 = 0b11 << 17  // tile configuration and tile data
      if saved & tiles == tiles && leaf7.edx >> 24 & 1 == 1 && ck_request_amx() == 1 {
        add(.amxTile, leaf7.edx, bit: 24)
        add(.amxBF16, leaf7.edx, bit: 22)
        add(.amxInt8, leaf7.edx, bit: 25)
      }
      return result
    }
  }
#elseif arch(arm64)
  extension CPUFeatures {
    /// Linux `Documentation/arch/arm64/elf_hwcaps.rst`, bits of `arch/arm64/include/uapi/asm/hwcap.h`.
    private static func detect() -> CPUFeatures {
      var result: CPUFeatures = .neon  // part of the base architecture of every 64-bit Arm system
      let hwcap = ck_hwcap()
      let hwcap2 = ck_hwcap2()
      func add(_ feature: CPUFeatures, _ word: UInt64, bit: UInt64) {
        if word >> bit & 1 == 1 { result.insert(feature) }
      }
      // Rows for AES use its carry-less multiply as well, which every CPU with the one has.
      if hwcap >> 4 & 1 == 1 { add(.aes, hwcap, bit: 3) }
      add(.sha2, hwcap, bit: 6)
      add(.crc32, hwcap, bit: 7)
      add(.sha3, hwcap, bit: 17)
      add(.dotprod, hwcap, bit: 20)
      add(.i8mm, hwcap2, bit: 13)
      add(.bf16, hwcap2, bit: 14)
      return result
    }
  }
#else
  extension CPUFeatures {
    private static func detect() -> CPUFeatures { [] }
  }
#endif
