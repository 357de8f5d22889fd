"""orjson, msgspec, jmespath, Polars and DuckDB: texts reshaped, and lines of JSON filtered or folded."""
from __future__ import annotations

import json
import os
from collections.abc import Iterator

import kernels
import ours
from measure import Absent, Case, Context, Disagreement, Way, optional, pip

MESSAGES = "statuses[*].{id: id_str, text: text, user: user.screen_name}"
EVENTS = "price > `19.95` && {id: id, device: device} || `null`"


def cases(context: Context) -> Iterator[Case]:
    modules = {name: optional(name) for name in ("orjson", "msgspec", "jmespath", "polars", "duckdb", "pyarrow")}
    absent = [Absent(name, pip(name)) for name, module in modules.items() if module is None]
    orjson, msgspec, jmespath = (modules[name] for name in ("orjson", "msgspec", "jmespath"))
    messages, events = context.read("messages.json"), context.read("events.ndjson")

    def same(x, y):
        return json.loads(x) == json.loads(y)

    def same_lines(x, y):
        return [json.loads(line) for line in x.splitlines()] == [json.loads(line) for line in y.splitlines()]

    def way(name, body):
        return Way(f"{name} {version(modules[name])}", body, version(modules[name]))

    # ---- a text in, three fields of each message out
    plan = kernels.JSONPlan(MESSAGES)
    ways = []
    if orjson:

        def with_orjson():
            statuses = orjson.loads(messages)["statuses"]
            return orjson.dumps([{"id": s["id_str"], "text": s["text"], "user": s["user"]["screen_name"]} for s in statuses])

        ways.append(way("orjson", with_orjson))
    if msgspec:
        decoder, encoder = message_types(msgspec)

        def with_msgspec():
            return encoder.encode([{"id": s.id_str, "text": s.text, "user": s.user.screen_name} for s in decoder.decode(messages).statuses])

        ways.append(way("msgspec", with_msgspec))
    if jmespath and orjson:
        compiled = jmespath.compile(MESSAGES)
        ways.append(way("jmespath", lambda: orjson.dumps(compiled.search(orjson.loads(messages)))))
    yield Case(
        "json-reshape", len(messages), "messages", float(len(messages)), "GB/s", ours=lambda: plan.apply(messages),
        rivals=ways, agree=same, agreement="the values", absent=absent,
    )  # fmt: skip

    # ---- a text in, the same without white space out
    catalogue = context.read("catalogue.json")
    ways = [way("orjson", lambda: orjson.dumps(orjson.loads(catalogue)))] if orjson else []
    if msgspec:
        ways.append(way("msgspec", lambda: msgspec.json.format(catalogue, indent=-1)))
    yield Case(
        "json-minify", len(catalogue), "catalogue", float(len(catalogue)), "GB/s",
        ours=lambda: kernels.minify_json(catalogue), rivals=ways, agree=same, agreement="the values", absent=absent,
    )  # fmt: skip

    # ---- lines in, those of dear events out
    of_lines = kernels.JSONPlan(EVENTS)
    ways = []
    if orjson:

        def lines_with_orjson():
            loads, dumps, out = orjson.loads, orjson.dumps, []
            for line in events.splitlines():
                event = loads(line)
                if event["price"] > 19.95:
                    out.append(dumps({"id": event["id"], "device": event["device"]}))
            return b"\n".join(out) + b"\n"

        ways.append(way("orjson", lines_with_orjson))
    if msgspec:
        event_decoder = msgspec.json.Decoder(msgspec.defstruct("Event", [("id", int), ("device", str), ("price", float)]))

        def lines_with_msgspec():
            chosen = [{"id": e.id, "device": e.device} for e in event_decoder.decode_lines(events) if e.price > 19.95]
            return msgspec.json.Encoder().encode_lines(chosen)

        ways.append(way("msgspec", lines_with_msgspec))
    if polars := modules["polars"]:
        schema = {"id": polars.Int64, "device": polars.String, "price": polars.Float64}

        def lines_with_polars():
            frame = polars.read_ndjson(events, schema=schema)
            return frame.filter(polars.col("price") > 19.95).select("id", "device").write_ndjson().encode()

        ways.append(way("polars", lines_with_polars))
    yield Case(
        "json-lines", len(events), "events", float(len(events)), "GB/s",
        ours=lambda: of_lines.apply_lines(events)[0], rivals=ways, agree=same_lines, agreement="the values of each line", absent=absent,
    )  # fmt: skip

    # ---- lines in, groups out
    pyarrow = modules["pyarrow"]
    if pyarrow is None:
        return
    fold = ours.Fold({
        "keys": ["device"],
        "aggregates": [{"op": "sum", "column": "price", "as": "total"}, {"op": "count", "as": "n"}],
    })  # fmt: skip
    ways = []
    if polars:

        def groups_with_polars():
            frame = polars.read_ndjson(events, schema={"device": polars.String, "price": polars.Float64})
            return frame.group_by("device").agg(polars.col("price").sum().alias("total"), polars.len().alias("n")).to_arrow()

        ways.append(way("polars", groups_with_polars))
    if duckdb := modules["duckdb"]:
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        path = os.path.join(context.inputs, "events.ndjson").replace("'", "''")
        query = (
            f"SELECT device, sum(price) AS total, count(*) AS n FROM read_ndjson('{path}', "
            "columns = {device: 'VARCHAR', price: 'DOUBLE'}) GROUP BY device"
        )
        ways.append(way("duckdb", lambda: connection.sql(query).to_arrow_table()))

    def groups(table):
        columns = table.to_pydict()
        return sorted(zip(columns["device"], columns["n"], columns["total"]))

    def same_groups(x, y):
        a, b = groups(x), groups(y)
        if [g[:2] for g in a] != [g[:2] for g in b] or any(abs(p[2] - q[2]) > 1e-9 * abs(p[2]) for p, q in zip(a, b)):
            raise Disagreement("the groups differ")

    yield Case(
        "json-group-by", len(events), "events", float(len(events)), "GB/s", ours=lambda: fold.lines(events),
        rivals=ways, agree=same_groups, agreement="keys and counts, sums to 1e-9", absent=absent,
    )  # fmt: skip


def version(module) -> str:
    if hasattr(module, "__version__"):
        return module.__version__
    from importlib.metadata import version

    return version(module.__name__)


def message_types(msgspec):
    user = msgspec.defstruct("User", [("screen_name", str)])
    status = msgspec.defstruct("Status", [("id_str", str), ("text", str), ("user", user)])
    page = msgspec.defstruct("Page", [("statuses", list[status])])
    return msgspec.json.Decoder(page), msgspec.json.Encoder()
