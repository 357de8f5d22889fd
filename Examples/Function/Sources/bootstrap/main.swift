// One executable, five functions: `_HANDLER` says which. AWS Lambda starts it as `bootstrap` (custom runtime).
import Kernels
import Wire

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

guard let text = environment("AWS_LAMBDA_RUNTIME_API"), let address = Address(text) else {
  report("AWS_LAMBDA_RUNTIME_API must be address:port of a runtime API")
  exit(1)
}

// For tests and measurements: what an older CPU would run.
if let names = environment("KERNELS_DISABLE") {
  do {
    CPUFeatures.disable(try CPUFeatures(parsing: names))
  } catch {
    let failure = HandlerError("Runtime.UnknownCPUFeature", error.description)
    Runtime.failToStart(failure, RuntimeClient(address))
  }
}

// "bootstrap.image" as consoles have it, or "image".
let name = environment("_HANDLER") ?? ""
switch name.split(separator: ".").last {
case "gateway": Runtime.serve(GatewayHandler.self, by: RuntimeClient(address))
case "image": Runtime.serve(ImageHandler.self, by: RuntimeClient(address))
case "records": Runtime.serve(RecordsHandler.self, by: RuntimeClient(address))
case "upload": Runtime.serve(UploadHandler.self, by: RuntimeClient(address))
case "compute": Runtime.serve(ComputeHandler.self, by: RuntimeClient(address))
default:
  let failure = HandlerError("Runtime.NoSuchHandler", "_HANDLER names none of the five functions: \(name)")
  Runtime.failToStart(failure, RuntimeClient(address))
}
