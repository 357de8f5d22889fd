"""Whether the runtimes gave equal answers: compare.py DIRECTORY, where function-bench has written WORKLOAD.RUNTIME.json.

A line for each runtime: its name, and what there is to say."""

import base64
import io
import json
import pathlib
import sys

from PIL import Image


def meaning(workload, answer):
    """What an answer says, however it is written: JSON in a body as its value, an image as its pixels, windows in whatever order."""
    if workload == "gateway":
        return {**answer, "body": json.loads(answer["body"])}
    if workload == "image":
        image = Image.open(io.BytesIO(base64.b64decode(answer["body"], validate=True)))
        return {**answer, "body": (image.size, image.convert("RGB").tobytes())}
    if workload == "database":
        return {"windows": sorted(answer["windows"], key=lambda window: (window["window_start"], window["device"]))}
    return answer


found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    workload, runtime, _ = path.name.split(".")
    found[runtime] = meaning(workload, json.loads(path.read_bytes()))
for runtime, answer in found.items():
    print(runtime, "equal" if answer == found["Kernels"] else "differs from Kernels")
