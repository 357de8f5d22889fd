import Kernels
import Testing

@Suite struct CacheSizesTests {
  @Test func thisMachinesArePlausible() {
    let sizes = CacheSizes.current
    #expect((8 << 10...1 << 20).contains(sizes.l1))
    #expect((64 << 10...256 << 20).contains(sizes.l2))
    #expect((256 << 10...8 << 30).contains(sizes.l3))
    #expect(sizes.l1 < sizes.l2 && sizes.l2 <= sizes.l3)
  }

  @Test func theyStayTheSame() async {
    let first = CacheSizes.current
    await withTaskGroup(of: CacheSizes.self) { group in
      for _ in 0..<8 { group.addTask { CacheSizes.current } }
      for await sizes in group { #expect(sizes == first) }
    }
  }

  /// Several readers may be the first: each gets whole sizes, never some of them.
  @Test func theFirstReadersAgree() async {
    await #expect(processExitsWith: .success) {
      Threads.run(8) { _ in
        let sizes = CacheSizes.current
        guard sizes.l1 > 0, sizes.l2 > 0, sizes.l3 > 0 else { fatalError("sizes read before they were known") }
      }
    }
  }
}
