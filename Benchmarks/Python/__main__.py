"""`python Benchmarks/Python INPUTS OUTPUT.json [--quick] [FAMILY ...]`: measures the families, and writes cases and peers as JSON."""
from __future__ import annotations

import argparse
import importlib
import json
import sys

import measure

FAMILIES = ["matrices", "digests", "images", "documents", "groups", "sketches"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inputs")
    parser.add_argument("output")
    parser.add_argument("families", nargs="*", default=FAMILIES)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--filter", default="", help="a regular expression for the names of cases")
    arguments = parser.parse_args()
    measure.pin()
    families = [importlib.import_module(name) for name in arguments.families or FAMILIES]
    context = measure.Context(arguments.inputs, arguments.quick, arguments.filter)
    try:
        result = measure.run(families, context, lambda name: print(f"  {name}", file=sys.stderr, flush=True))
    except measure.Disagreement as problem:
        sys.exit(f"rivals: {problem}")
    with open(arguments.output, "w", encoding="utf-8") as file:
        json.dump(result, file)


main()
