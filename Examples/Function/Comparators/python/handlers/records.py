import base64
import io

import polars as pl

SCHEMA = {"device": pl.Utf8, "ts": pl.Int64, "v": pl.Float64}
KEYS = ["window_start", "device"]


def handle(event):
    lines = b"\n".join(base64.b64decode(record["kinesis"]["data"]) for record in event["Records"])
    rows = pl.read_ndjson(io.BytesIO(lines), schema=SCHEMA) if lines else pl.DataFrame(schema=SCHEMA)
    parts = (
        rows.with_columns(window_start=pl.col("ts") // 60000 * 60000)
        .group_by(KEYS)
        .agg(n=pl.len().cast(pl.Int64), sum=pl.col("v").sum(), min=pl.col("v").min(), max=pl.col("v").max())
    )
    if former := event.get("state", {}).get("groups"):
        parts = pl.concat([parts, pl.DataFrame(former, schema=parts.schema, orient="row")])
        parts = parts.group_by(KEYS).agg(
            pl.col("n").sum(), pl.col("sum").sum(), pl.col("min").min(), pl.col("max").max()
        )
    if not event["isFinalInvokeForWindow"]:
        return {"state": {"groups": parts.rows()}, "batchItemFailures": []}
    windows = (
        parts.sort(KEYS)
        .with_columns(window_end=pl.col("window_start") + 60000, mean=pl.col("sum") / pl.col("n"))
        .select("device", "window_start", "window_end", "n", "sum", "mean", "min", "max")
    )
    return {"state": {}, "windows": windows.to_dicts(), "batchItemFailures": []}
