"""What a run of the rivals comes to: ratios with intervals, verdicts, and how they are kept, shown and compared."""
from __future__ import annotations

import json
import math
import re
import statistics
from typing import Any

FORMAT, VERSION = "kernels rivals", 1
#: A rival is level with the kernel where the interval of the ratio comes so near to 1.
BAND = 1.05

#: Families in the order of the README, and how their cases' names begin.
FAMILIES = [
    ("Matrices", "^(sgemm|dgemm|bf16gemm|u8s8gemm|numpy-)"),
    ("Hashes and checksums", "^(sha|md5|blake3|hmac|hkdf|crc|adler32|python-|aes|aead|seal|hex|base64)"),
    ("Compression", "^(inflate|deflate|gunzip|gzip)"),
    ("Images", "^png"),
    ("JSON", "^json"),
    ("Aggregation", "^(reduce|group-by|sketch)"),
]


def family(case: str) -> str:
    for name, pattern in FAMILIES:
        if re.search(pattern, case):
            return name
    return "Others"


# ---------------------------------------------------------------- statistics


def median_interval(values: list[float]) -> tuple[float, float]:
    """Of the median: the two order statistics between which it lies with a probability of 95 %, by the binomial distribution.

    Of five values or fewer these are the least and the greatest.
    """
    ordered, count = sorted(values), len(values)
    below, rank = 0.0, 0
    while rank < count // 2:
        below += math.comb(count, rank) / 2.0**count
        if below > 0.025:
            break
        rank += 1
    rank = max(rank - 1, 0)
    return ordered[rank], ordered[count - 1 - rank]


def compare(lives: list[tuple[list[float], list[float]]]) -> dict[str, Any]:
    """Of the times of the kernel and of a rival, round by round in each life of the processes: how many times as fast the kernel is.

    The ratio is the median over lives of the medians over rounds. Its interval holds those of all lives: where memory happens to lie makes a
    process faster or slower for as long as it lives, which no round inside of it shows.
    """
    ratios = [[theirs / ours for ours, theirs in zip(*life)] for life in lives]
    medians = [statistics.median(life) for life in ratios]
    intervals = [median_interval(life) for life in ratios]
    low, high = min(low for low, _ in intervals), max(high for _, high in intervals)
    return {"ratio": statistics.median(medians), "low": low, "high": high, "lives": medians, "verdict": verdict(low, high)}


def verdict(low: float, high: float) -> str:
    """`ahead` or `behind` where the whole interval is beyond the band around 1, else `level`."""
    if low > BAND:
        return "ahead"
    return "behind" if high < 1 / BAND else "level"


# ---------------------------------------------------------------- documents of runs to a result


def contenders(case: dict[str, Any]) -> dict[str, list[float]]:
    return {
        "" if c["samples"]["role"] == "kernel" else c["samples"]["name"]: c["samples"]["nanoseconds"]
        for c in case["contenders"]
        if c["samples"]["role"] != "ceiling"
    }


def comparisons(lives: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of documents of `run --json`, one a life, with the same cases: each case beside each of its rivals."""
    made = []
    others = [{case["name"]: contenders(case) for case in life["cases"]} for life in lives]
    for case in lives[0]["cases"]:
        name, kernel = case["name"], case["contenders"][0]["samples"]
        present = [life[name] for life in others if name in life]
        agreement = next((p["value"] for p in case["parameters"] if p["name"] == "agreement"), "every bit, or to the rounding of the job")
        ours = statistics.median(statistics.median(life[""]) for life in present)
        for rival in list(contenders(case))[1:]:
            with_it = [life for life in present if rival in life]
            made.append({
                "family": family(name), "case": name, "unit": case["unit"], "work": kernel["work"], "rival": rival,
                "oursNanoseconds": ours,
                "theirsNanoseconds": statistics.median(statistics.median(life[rival]) for life in with_it),
                "agreement": agreement, **compare([(life[""], life[rival]) for life in with_it]),
            })  # fmt: skip
    return made


def summarise(documents: list[list[dict[str, Any]]], date: str, quick: bool, seconds: float, notes: list[str], load: float = 0) -> dict[str, Any]:
    """A result from the documents of each program, which are as many as it had lives. No path of the machine is in it."""
    machine, build = documents[0][0]["machine"], documents[0][0]["build"]
    peers: dict[str, dict[str, Any]] = {}
    for lives in documents:
        for peer in lives[0]["peers"]:
            peers.setdefault(peer["name"], {k: v for k, v in peer.items() if k in ("name", "version", "absent")})
    return {
        "format": FORMAT, "version": VERSION, "date": date, "quick": quick, "seconds": round(seconds), "load": round(load, 1),
        "lives": max(len(lives) for lives in documents),
        "machine": {k: machine[k] for k in ("cpu", "architecture", "featuresActive", "affinity", "system") if k in machine},
        "build": {k: build[k] for k in ("version", "swift", "c", "configuration")},
        "commit": documents[0][0].get("commit", ""),
        "rivals": sorted(peers.values(), key=lambda peer: peer["name"].lower()),
        "notes": notes,
        "comparisons": [item for lives in documents for item in comparisons(lives)],
    }  # fmt: skip


def read(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    if result.get("format") != FORMAT or result.get("version") != VERSION:
        raise ValueError(f"{path} is no result of `rivals run` of version {VERSION}")
    return result


def slug(text: str) -> str:
    """A CPU's name as a folder's: what trade marks and clock rates add is left out."""
    text = re.sub(r"\((r|tm)\)|@.*|\bcpu\b|\bprocessor\b", " ", text.lower())
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "unknown"


# ---------------------------------------------------------------- two results


def agree(a: dict[str, Any], b: dict[str, Any]) -> tuple[list[str], list[str], list[str], list[str]]:
    """The comparisons of two results whose verdicts are the same; those whose verdicts differ but whose intervals meet, so that either may be
    right; those that contradict each other; and those that one of the two lacks."""

    def named(result):
        return {f"{item['case']} · {item['rival']}": item for item in result["comparisons"]}

    x, y = named(a), named(b)
    same, near, different = [], [], []
    for name in x.keys() & y.keys():
        p, q = x[name], y[name]
        if p["verdict"] == q["verdict"]:
            same.append(name)
        elif p["low"] <= q["high"] and q["low"] <= p["high"]:
            near.append(name)
        else:
            different.append(name)
    return sorted(same), sorted(near), sorted(different), sorted(x.keys() ^ y.keys())


# ---------------------------------------------------------------- Markdown


def time_text(nanoseconds: float) -> str:
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{digits(nanoseconds / size)} {unit}"
    return f"{digits(nanoseconds)} ns"


def digits(value: float) -> str:
    """To three significant digits, and no fewer than it has before the point."""
    if value == 0 or not math.isfinite(value):
        return str(value)
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def rate_text(item: dict[str, Any]) -> str:
    """Of a case: short ones by time, others by what they do in a second."""
    if item["family"] == "Images":
        return time_text(item["oursNanoseconds"])
    if item["family"] == "Aggregation":
        return f"{digits(item['oursNanoseconds'] / item['work'])} ns a row"
    if item["oursNanoseconds"] < 1000:
        return time_text(item["oursNanoseconds"])
    return f"{digits(item['work'] / item['oursNanoseconds'])} {item['unit']}"


def markdown(result: dict[str, Any]) -> str:
    """The table of the README."""
    machine, build = result["machine"], result["build"]
    swift = re.search(r"[0-9]+(\.[0-9]+)+", build["swift"])
    features = "with AVX-512" if "avx512f" in machine.get("featuresActive", "") else "without AVX-512"
    if machine["architecture"] != "x86_64":
        features = machine["architecture"]
    lives = "one life" if result["lives"] == 1 else f"{result['lives']} lives"
    verdicts = [item["verdict"] for item in result["comparisons"]]
    lines = [
        f"{machine['cpu']}, {features}, {machine['affinity']} CPUs of a shared host; {machine['system']}; Swift"
        f" {swift.group(0) if swift else build['swift']}; {result['date']}"
        + (", a quick run" if result["quick"] else "")
        + (f"; the machine was busy with other work, load average {result['load']:.0f}" if result["load"] > 1 else "") + ".",
        "",
        f"One thread each, {lives} of every program, results compared before anything is timed. “x” is how many times as fast the",
        f"kernel is, with an interval over rounds and lives; **bold** where all of it is above {BAND:g}, *italic* where all of it is below its inverse.",
        f"{len(verdicts)} comparisons: {verdicts.count('ahead')} ahead, {verdicts.count('level')} level, {verdicts.count('behind')} behind.",
    ]  # fmt: skip
    by_family: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for item in result["comparisons"]:
        by_family.setdefault(item["family"], {}).setdefault(item["case"], []).append(item)
    order = [name for name, _ in FAMILIES] + ["Others"]
    for name in sorted(by_family, key=order.index):
        lines += ["", f"**{name}**", "", "| case | this package | fastest rival | x | others, x |", "|---|---|---|---|---|"]
        for case, items in by_family[name].items():
            fastest, *rest = sorted(items, key=lambda item: item["ratio"])
            others = ", ".join(f"{item['rival']} {shown(item, interval=False)}" for item in rest)
            lines.append(f"| {case} | {rate_text(fastest)} | {fastest['rival']} | {shown(fastest)} | {others} |")
    absent = [f"{peer['name']}: {peer['absent']}." for peer in result["rivals"] if "absent" in peer]
    for title, texts in (("Not in this run", absent), ("To be known", result["notes"])):
        if texts:
            lines += ["", f"{title}:", ""] + [f"- {text}" for text in texts]
    return "\n".join(lines) + "\n"


def shown(item: dict[str, Any], interval: bool = True) -> str:
    text = digits(item["ratio"])
    text = {"ahead": f"**{text}**", "behind": f"*{text}*"}.get(item["verdict"], text)
    return f"{text} ({digits(item['low'])} to {digits(item['high'])})" if interval else text


BEGIN, END = "<!-- rivals: begin", "<!-- rivals: end -->"


def spliced(readme: str, path: str, table: str) -> str:
    """A text with the table between its markers; the first of them names the result that it was made of."""
    start = readme.index(BEGIN)
    end = readme.index(END, start)
    return readme[:start] + f"{BEGIN}, made by `rivals table` from {path} -->\n{table}" + readme[end:]


def named_in(readme: str) -> str | None:
    """The result that a text's table was made of."""
    match = re.search(re.escape(BEGIN) + r", made by `rivals table` from (\S+) -->", readme)
    return match.group(1) if match else None
