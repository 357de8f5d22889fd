import Testing
@testable import Kernels
@Test func features() { #expect(try! CPUFeatures(parsing: CPUFeatures.current.description) == CPUFeatures.current) }
