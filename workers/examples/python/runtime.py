"""Runs a plain handler on this machine where awslambdaric is not installed: `python3 runtime.py app.handler`.

Functions on AWS run in the managed Python runtime and do without this file.
"""

import http.client
import importlib
import json
import os
import sys
import time
import traceback

RUNTIME = "/2018-06-01/runtime"


class Context:
    """What handlers ask most of Lambda's context object."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))


class Runtime:
    def __init__(self):
        self._api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def next(self):
        self._api.request("GET", f"{RUNTIME}/invocation/next")
        response = self._api.getresponse()
        return json.loads(response.read()), Context(response.headers)

    def post(self, place, body):
        self._api.request("POST", f"{RUNTIME}/{place}", body)
        self._api.getresponse().read()

    def fail(self, place, error):
        traceback.print_exception(error)
        trace = traceback.format_tb(error.__traceback__)
        told = {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": trace}
        self.post(place, json.dumps(told))


def load(place):
    module, _, name = place.rpartition(".")
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    return getattr(importlib.import_module(module), name)


def main():
    runtime = Runtime()
    try:
        handler = load(sys.argv[1])
    except Exception as error:
        runtime.fail("init/error", error)
        sys.exit(1)
    while True:
        event, context = runtime.next()
        call = f"invocation/{context.aws_request_id}"
        try:
            result = json.dumps(handler(event, context))
        except Exception as error:
            runtime.fail(f"{call}/error", error)
        else:
            runtime.post(f"{call}/response", result)


main()
