"""How cost grows with work, and with threads: fits, the model for more CPUs, and plots."""
from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

#: CPUs that the model is asked for.
CPUS = (4, 8, 16)


def exponent(points: list[dict[str, Any]]) -> float:
    """b of the power law a n^b that fits the logarithms best."""
    xs, ys = [math.log(p["size"]) for p in points], [math.log(p["nanoseconds"]) for p in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def serial_share(one: float, two: float) -> float:
    """Of Amdahl's law, from the times of one thread and of two: the part that no second thread shortens, within 0 and 1."""
    return min(1.0, max(0.0, 2 * two / one - 1))


def modelled(one: float, share: float, cpus: int, least: float) -> float:
    """Nanoseconds on so many CPUs: Amdahl's law, and never less than the memory takes for the bytes that are moved at least."""
    return max(one * (share + (1 - share) / cpus), min(least, one))


def of_threads(subject: dict[str, Any], threads: int) -> list[dict[str, Any]]:
    return [point for point in subject["points"] if point["threads"] == threads]


def number(value: float) -> str:
    for unit, size in ((" M", 1e6), (" k", 1e3)):
        if value >= size:
            return f"{value / size:.3g}{unit}"
    return f"{value:.3g}"


def time_text(nanoseconds: float) -> str:
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


# ---------------------------------------------------------------- the page


def page(result: dict[str, Any], source: str, folder: str) -> str:
    machine = result["machine"]
    lines = [
        "# Cost as the work grows",
        "",
        f"Made by `Benchmarks/Scripts/scaling` from [{source}]({source}); do not edit it. {machine['cpu']}, {result['cpus']} CPUs of a shared host,"
        f" {result['date']}{', a quick run' if result['quick'] else ''}.",
        "",
        "Each kernel through the C ABI, at five sizes from a first one to a hundred times as much: CPU time of one thread, medians of rounds in which all",
        "sizes take turns. *Exponent* is that of the power law which fits the logarithms best: 1 is cost in proportion to the work. Below 1, what a",
        "call costs by itself shows at the smallest size; above 1, the largest one has left a cache.",
        "",
        "| kernel | counted | smallest | cost each | at 10 x | at 100 x | largest, whole call | exponent |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for subject in result["subjects"]:
        points = of_threads(subject, 1)
        each = {round(p["size"] / points[0]["size"]): p["nanoseconds"] / p["size"] for p in points}
        lines.append(
            f"| {subject['name']} | {subject['unit']} | {number(points[0]['size'])} | {time_text(each[1])} | {time_text(each[10])} |"
            f" {time_text(each[100])} | {time_text(points[-1]['nanoseconds'])} | {exponent(points):.2f} |"
        )
    lines += ["", f"![Cost of a unit of work over the size]({folder}/cost.svg)", ""]
    lines += [
        "## Threads",
        "",
        "One thread and two were measured, at the largest size: elapsed time, the least of the rounds. The columns behind are a **model**, and no measurement:",
        "",
        "- Amdahl's law: a part of the call is serial, and the rest is divided evenly. The part is the one that the two measured times give.",
        "- Memory is a limit that all threads share: no time is below that of moving the call's bytes once at the bandwidth that one thread was",
        f"  measured to copy with, {result['bandwidth']:.1f} GB/s. More CPUs often have more; then the model is too careful.",
        "- The other CPUs are like these two, none of them is another hyper-thread of the same core, and nobody else uses them. Where two CPUs are one",
        "  core, as on many virtual machines, the measured gain is small and so is everything that is modelled from it.",
        "- No clock goes down as more cores work, which it does under AVX-512.",
        "",
        *busy(result),
        "| kernel | work | one thread | two | x | serial part | " + " | ".join(f"{n} CPUs, modelled x" for n in CPUS) + " |",
        "|---|---|---|---|---|---|" + "---|" * len(CPUS),
    ]
    for subject in result["subjects"]:
        if not (two := of_threads(subject, 2)):
            continue
        one, two = of_threads(subject, 1)[-1], two[-1]
        share = serial_share(one["elapsed"], two["elapsed"])
        least = one["size"] * subject["bytesPerUnit"] / result["bandwidth"]
        gains = [one["elapsed"] / modelled(one["elapsed"], share, n, least) for n in CPUS]
        lines.append(
            f"| {subject['name']} | {number(one['size'])} {subject['unit']} | {time_text(one['elapsed'])} | {time_text(two['elapsed'])} |"
            f" {one['elapsed'] / two['elapsed']:.2f} | {100 * share:.0f} % | " + " | ".join(f"{gain:.1f}" for gain in gains) + " |"
        )
    lines += [
        "",
        f"![Gain by threads, measured and modelled]({folder}/threads.svg)",
        "",
        "The other kernels take one thread a call: run as many calls as there are CPUs. They share no state, and where their data stay in the caches of a core,",
        "they do not slow each other down.",
        "",
    ]
    return "\n".join(lines)


def busy(result: dict[str, Any]) -> list[str]:
    """A warning where others had the CPUs too: elapsed times are theirs as much as the kernel's then."""
    if result["load"] <= result["cpus"] / 2:
        return []
    return [
        f"**The machine was busy** as this was measured (load average {result['load']:.0f}): the elapsed times below, and what is modelled from them, are of no worth."
        " Measure anew with `make scaling` on a quiet one.",
        "",
    ]


# ---------------------------------------------------------------- plots

COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#16a085", "#7f8c8d", "#2c3e50", "#a04000", "#5b2c6f", "#117a65", "#922b21", "#1f618d", "#9a7d0a")


def svg(title: str, x_title: str, y_title: str, series: list[tuple[str, list[tuple[float, float]], bool]]) -> str:
    """Lines over two logarithmic axes; a series is a name, its points, and whether it is dashed, as what was not measured is."""
    width, height, left, right, top, bottom = 860, 440, 70, 250, 40, 50
    xs = [x for _, points, _ in series for x, _ in points]
    ys = [y for _, points, _ in series for _, y in points]
    x0, x1 = math.log10(min(xs)), math.log10(max(xs))
    y0, y1 = math.log10(min(ys)), math.log10(max(ys))
    y0, y1 = y0 - 0.05 * (y1 - y0 or 1), y1 + 0.05 * (y1 - y0 or 1)

    def at(x: float, y: float) -> str:
        a = left + (math.log10(x) - x0) / ((x1 - x0) or 1) * (width - left - right)
        b = height - bottom - (math.log10(y) - y0) / (y1 - y0) * (height - top - bottom)
        return f"{a:.1f},{b:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{left}" y="22" font-size="15" fill="#222">{escape(title)}</text>',
    ]

    def ticks(low: float, high: float) -> list[float]:
        marks = [m * 10.0**e for e in range(math.floor(low), math.ceil(high) + 1) for m in (1, 2, 5)]
        inside = [mark for mark in marks if low - 1e-9 <= math.log10(mark) <= high + 1e-9]
        return inside if len(inside) <= 9 else [mark for mark in inside if abs(math.log10(mark) - round(math.log10(mark))) < 1e-9]

    for mark in ticks(x0, x1):
        x, y = at(mark, 10**y0).split(",")
        parts.append(f'<line x1="{x}" y1="{top}" x2="{x}" y2="{y}" stroke="#e3e3e3"/>')
        parts.append(f'<text x="{x}" y="{float(y) + 16:.1f}" text-anchor="middle" fill="#444">{number(mark)}</text>')
    for mark in ticks(y0, y1):
        x, y = at(10**x0, mark).split(",")
        parts.append(f'<line x1="{x}" y1="{y}" x2="{width - right}" y2="{y}" stroke="#e3e3e3"/>')
        parts.append(f'<text x="{float(x) - 6:.1f}" y="{float(y) + 4:.1f}" text-anchor="end" fill="#444">{mark:g}</text>')
    parts.append(f'<text x="{(left + width - right) / 2}" y="{height - 10}" text-anchor="middle" fill="#222">{escape(x_title)}</text>')
    parts.append(f'<text transform="translate(16,{(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle" fill="#222">{escape(y_title)}</text>')
    for place, (name, points, dashed) in enumerate(series):
        colour = COLOURS[place // 2 % len(COLOURS)] if any(d for _, _, d in series) else COLOURS[place % len(COLOURS)]
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        parts.append(f'<polyline points="{" ".join(at(*p) for p in points)}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        if not dashed:
            for point in points:
                x, y = at(*point).split(",")
                parts.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>')
        y = top + 10 + 22 * place
        parts.append(f'<line x1="{width - right + 16}" y1="{y}" x2="{width - right + 40}" y2="{y}" stroke="{colour}" stroke-width="2"{dash}/>')
        parts.append(f'<text x="{width - right + 46}" y="{y + 4}" fill="#222">{escape(name)}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def plots(result: dict[str, Any]) -> dict[str, str]:
    cost, threads = [], []
    for subject in result["subjects"]:
        points = of_threads(subject, 1)
        base, first = points[0]["size"], points[0]["nanoseconds"] / points[0]["size"]
        cost.append((subject["name"], [(p["size"] / base, p["nanoseconds"] / p["size"] / first) for p in points], False))
        if two := of_threads(subject, 2):
            one, share = points[-1]["elapsed"], serial_share(points[-1]["elapsed"], two[-1]["elapsed"])
            least = points[-1]["size"] * subject["bytesPerUnit"] / result["bandwidth"]
            gain = one / two[-1]["elapsed"]
            threads.append((f"{subject['name']}, measured", [(1, 1), (2, gain)], False))
            model = [(n, one / modelled(one, share, n, least)) for n in (2, *CPUS)]
            threads.append((f"{subject['name']}, modelled", [(2, gain), *model[1:]], True))
    made = {"cost.svg": svg("Cost of a unit of work, as the work grows", "times the smallest size", "times the cost at the smallest size", cost)}
    if threads:
        made["threads.svg"] = svg("Gain by threads", "CPUs", "times as fast as one thread", threads)
    return made
