export function handle(event) {
  const groups = new Map();
  const group = (start, device) => {
    const key = `${start} ${device}`;
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { start, device, n: 0, sum: 0, min: Infinity, max: -Infinity }));
    return found;
  };
  for (const [start, device, n, sum, min, max] of event.state?.groups ?? []) {
    Object.assign(group(start, device), { n, sum, min, max });
  }
  for (const record of event.Records) {
    for (const line of Buffer.from(record.kinesis.data, "base64").toString().split("\n")) {
      if (!line.trim()) continue;
      const { device, ts, v } = JSON.parse(line);
      const found = group(Math.floor(ts / 60000) * 60000, device);
      found.n += 1;
      found.sum += v;
      found.min = Math.min(found.min, v);
      found.max = Math.max(found.max, v);
    }
  }
  if (!event.isFinalInvokeForWindow) {
    const parts = [...groups.values()].map((g) => [g.start, g.device, g.n, g.sum, g.min, g.max]);
    return { state: { groups: parts }, batchItemFailures: [] };
  }
  const windows = [...groups.values()]
    .sort((a, b) => a.start - b.start || (a.device < b.device ? -1 : 1))
    .map(({ start, device, n, sum, min, max }) => ({
      device, window_start: start, window_end: start + 60000, n, sum, mean: sum / n, min, max,
    }));
  return { state: {}, windows, batchItemFailures: [] };
}
