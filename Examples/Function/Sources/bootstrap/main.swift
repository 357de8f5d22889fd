// One executable, five functions: `_HANDLER` says which. AWS Lambda starts it as `bootstrap` (custom runtime).
import FunctionRuntime

switch Runtime.handlerName {
case "gateway": Runtime.serve(GatewayHandler.self)
case "image": Runtime.serve(ImageHandler.self)
case "records": Runtime.serve(RecordsHandler.self)
case "upload": Runtime.serve(UploadHandler.self)
case "compute": Runtime.serve(ComputeHandler.self)
case let name:
  Runtime.failToStart(HandlerError("Runtime.NoSuchHandler", "_HANDLER names none of the five functions: \(name)"))
}
