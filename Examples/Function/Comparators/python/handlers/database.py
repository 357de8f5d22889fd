import os

import polars as pl
import psycopg

KEYS = ["window_start", "device"]
SCHEMA = {"device": pl.Utf8, "ts": pl.Int64, "v": pl.Float64}
connection = None


def handle(event):
    global connection
    if connection is None or connection.closed:
        connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    with connection.cursor(binary=True) as cursor:
        cursor.execute("SELECT device, ts, v FROM readings WHERE ts >= %s AND ts < %s", (event["from"], event["to"]))
        rows = pl.DataFrame(cursor.fetchall(), schema=SCHEMA, orient="row")
    windows = (
        rows.with_columns(window_start=pl.col("ts") // 60000 * 60000)
        .group_by(KEYS)
        .agg(
            n=pl.len().cast(pl.Int64),
            sum=pl.col("v").sum(),
            mean=pl.col("v").mean(),
            min=pl.col("v").min(),
            max=pl.col("v").max(),
        )
        .sort(KEYS)
        .with_columns(window_end=pl.col("window_start") + 60000)
        .select("device", "window_start", "window_end", "n", "sum", "mean", "min", "max")
    )
    return {"windows": windows.to_dicts()}
