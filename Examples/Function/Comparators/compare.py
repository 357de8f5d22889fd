"""Whether the runtimes gave equal answers: compare.py DIRECTORY, where function-bench --answers has written them."""

import base64
import collections
import io
import json
import pathlib
import sys

from PIL import Image


def meaning(workload, answer):
    """What an answer says, however it is written: JSON in a body as its value, an image as its pixels."""
    if workload in ("loop", "gateway"):
        return {**answer, "body": json.loads(answer["body"])}
    if workload == "image":
        image = Image.open(io.BytesIO(base64.b64decode(answer["body"], validate=True)))
        return {**answer, "body": (image.size, image.convert("RGB").tobytes())}
    return answer


found = collections.defaultdict(dict)
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    workload, runtime, _ = path.name.split(".")
    found[workload][runtime] = meaning(workload, json.loads(path.read_bytes()))

different = []
for workload, answers in found.items():
    own = answers.pop("Kernels")
    for runtime, answer in answers.items():
        print(f"  {workload}: {runtime} {'equals' if answer == own else 'DIFFERS FROM'} Kernels")
        if answer != own:
            different.append(f"{workload} of {runtime}")
if not found:
    sys.exit("compare.py: no answers")
if different:
    sys.exit("compare.py: other answers: " + ", ".join(different))
