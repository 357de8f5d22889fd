import Kernels
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// What a function is told by its environment.

extension Runtime {
  /// The client of the runtime API that `AWS_LAMBDA_RUNTIME_API` names. Ends the process where that is no address.
  ///
  /// `KERNELS_DISABLE` masks CPU features, for tests and measurements: what an older CPU would run.
  public static func start() -> RuntimeClient {
    guard let text = environment("AWS_LAMBDA_RUNTIME_API"), let address = Address(text) else {
      report("AWS_LAMBDA_RUNTIME_API must be address:port of a runtime API")
      exit(1)
    }
    let client = RuntimeClient(address)
    guard let names = environment("KERNELS_DISABLE") else { return client }
    do {
      CPUFeatures.disable(try CPUFeatures(parsing: names))
    } catch {
      failToStart(HandlerError("Runtime.UnknownCPUFeature", error.description), client)
    }
    return client
  }

  /// What `_HANDLER` says behind its last full stop: consoles have "bootstrap.image", and "image" will do.
  public static var handlerName: String {
    environment("_HANDLER").flatMap { $0.split(separator: ".").last.map(String.init) } ?? ""
  }

  /// A variable of the environment; nil where it is not there.
  public static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}
