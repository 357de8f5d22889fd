// A function whose events ask for what stands in a database.
import FunctionRuntime

Runtime.serve(ReadingsHandler.self)
