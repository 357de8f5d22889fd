"""What the gate found, from the documents of `ab`, `check` and `run`, and the Markdown that a pull request shows."""
from __future__ import annotations

import math
import re
from typing import Any

WORDS = {"regression": "**regression**", "improvement": "improvement", "inconclusive": "inconclusive", "no change": "no change"}


class Verdicts:
    def __init__(self, what: str) -> None:
        self.what = what
        self.sections: list[str] = []
        self.counts: dict[str, int] = {}

    def count(self, verdict: str) -> None:
        self.counts[verdict] = self.counts.get(verdict, 0) + 1

    @property
    def has_regression(self) -> bool:
        return self.counts.get("regression", 0) > 0

    @property
    def headline(self) -> str:
        if not self.counts:
            return "nothing was compared"
        return ("a regression: " if self.has_regression else "no regression: ") + ", ".join(
            f"{self.counts[word]} {word}" for word in WORDS if word in self.counts
        )

    def add_times(self, document: dict[str, Any]) -> None:
        """Of `ab`: every case with its change, its interval and what could have been seen."""
        rows = []
        for case in document["cases"]:
            verdict = verdict_of_build(case)
            self.count(verdict)
            estimate = case["estimate"]
            low, high = interval(estimate)
            counts = "".join(f"; {c['metric']} {c['old']:g} to {c['new']:g}" for c in case["counts"])
            reason = f" ({case['judgement']['reason']})" if verdict == "inconclusive" and case["judgement"].get("reason") else ""
            rows.append(
                f"| {case['name']} | {time(case['oldNanoseconds'])} | {time(case['newNanoseconds'])} | {percent(change(estimate))} |"
                f" {percent(low)} to {percent(high)} | {WORDS[verdict]}{counts}{reason} |"
            )
        self.sections.append(
            "### Times, side by side\n\n| case | old | new | change | 95 % interval | verdict |\n|---|---|---|---|---|---|\n" + "\n".join(rows)
        )

    def add_exact(self, document: dict[str, Any]) -> None:
        """Of `check`: what differs among the figures that are compared by equality."""
        rows, compared = [], 0
        for case in document["cases"]:
            worst = "no change"
            for finding in case["findings"]:
                if finding["isWaived"]:
                    continue
                compared += 1
                if finding["verdict"] == "no change":
                    continue
                worst = max(worst, finding["verdict"], key=["no change", "improvement", "inconclusive", "regression"].index)
                old, new = (number(finding.get(side)) for side in ("old", "new"))
                reason = f" ({finding['reason']})" if finding.get("reason") else ""
                rows.append(f"| {case['name']} | {finding['metric']} | {old} | {new} | {WORDS[finding['verdict']]}{reason} |")
            self.count(worst)
        text = f"### Exact figures\n\n{compared} figures of {len(document['cases'])} cases compared by equality"
        if rows:
            text += ":\n\n| case | figure | old | new | verdict |\n|---|---|---|---|---|\n" + "\n".join(rows)
        else:
            text += "; none differs."
        self.sections.append(text)

    def add_allocations(self, document: dict[str, Any], limits: dict[str, Any]) -> None:
        """Of `run`: the kernel's calls of malloc against what is allowed. A figure that is not there is no zero, and fails."""
        rows = []
        for case in document["cases"]:
            kernel = next(c for c in case["contenders"] if c["samples"]["role"] == "kernel")
            metric = kernel["metrics"].get("malloc.calls", {"unavailable": "not measured"})
            allowed = next((e["calls"] for e in limits["exceptions"] if re.search(e["case"], case["name"])), limits["calls"])
            if "unavailable" in metric:
                rows.append(f"| {case['name']} | {metric['unavailable']} | {allowed} |")
            elif metric["value"] > allowed:
                rows.append(f"| {case['name']} | {metric['value']:g} | {allowed} |")
            else:
                self.count("no change")
                continue
            self.count("regression")
        text = f"### Calls of malloc\n\n{len(document['cases'])} cases"
        if rows:
            text += ", of which these are beyond what is allowed:\n\n| case | calls | allowed |\n|---|---|---|\n" + "\n".join(rows)
        else:
            text += ", none beyond what is allowed."
        self.sections.append(text)

    def markdown(self) -> str:
        return f"## Benchmarks: {self.headline}\n\n{self.what}\n\n" + "\n\n".join(self.sections) + "\n"


def verdict_of_build(case: dict[str, Any]) -> str:
    """As the program itself judges: exact figures count whatever the time says."""
    if any(c["new"] > c["old"] for c in case["counts"]):
        return "regression"
    verdict = case["judgement"]["verdict"]
    return "improvement" if verdict == "no change" and case["counts"] else verdict


def change(estimate: dict[str, Any]) -> float:
    return math.expm1(estimate["value"])


def interval(estimate: dict[str, Any]) -> tuple[float, float]:
    return math.expm1(estimate["interval"]["low"]), math.expm1(estimate["interval"]["high"])


def percent(value: float) -> str:
    return f"{100 * value:+.1f} %"


def number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def time(nanoseconds: float) -> str:
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"
