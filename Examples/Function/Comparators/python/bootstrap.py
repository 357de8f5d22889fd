"""The five functions as they are written in Python: a custom runtime's loop, and the library that each would use."""

import http.client
import importlib
import json
import os
import sys

API = os.environ["AWS_LAMBDA_RUNTIME_API"]
ROOT = "/2018-06-01/runtime"


def main():
    handle = importlib.import_module("handlers." + os.environ["_HANDLER"]).handle
    connection = http.client.HTTPConnection(API)
    while True:
        connection.request("GET", f"{ROOT}/invocation/next")
        reply = connection.getresponse()
        request, event = reply.headers["Lambda-Runtime-Aws-Request-Id"], reply.read()
        headers = {"Content-Type": "application/json"}
        try:
            path = "response"
            body = json.dumps(handle(json.loads(event)), ensure_ascii=False, separators=(",", ":")).encode()
        except Exception as error:
            path = "error"
            headers["Lambda-Runtime-Function-Error-Type"] = type(error).__name__
            body = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}).encode()
        connection.request("POST", f"{ROOT}/invocation/{request}/{path}", body, headers)
        connection.getresponse().read()


sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
main()
