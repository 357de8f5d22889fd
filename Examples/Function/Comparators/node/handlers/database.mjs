// Node has no client of PostgreSQL: this is as much of the protocol (version 3.0, chapter "Frontend/Backend Protocol") as one statement takes,
// prepared once, over the server's socket, without a password.
import net from "node:net";

const settings = Object.fromEntries(process.env.DATABASE_URL.split(" ").map((word) => word.split("=")));
const text = (value) => Buffer.from(`${value}\0`);
const message = (type, ...parts) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(type ? 5 : 4);
  if (type) head.write(type);
  head.writeInt32BE(body.length + 4, head.length - 4);
  return Buffer.concat([head, body]);
};
const short = (value) => { const bytes = Buffer.alloc(2); bytes.writeInt16BE(value); return bytes; };
const long = (value) => { const bytes = Buffer.alloc(4); bytes.writeInt32BE(value); return bytes; };
const big = (value) => { const bytes = Buffer.alloc(8); bytes.writeBigInt64BE(BigInt(value)); return bytes; };

class Client {
  pending = Buffer.alloc(0);

  constructor(socket) {
    this.socket = socket;
    socket.on("data", (bytes) => {
      this.pending = this.pending.length ? Buffer.concat([this.pending, bytes]) : bytes;
      this.read();
    });
    socket.on("error", (error) => this.fail?.(error));
  }

  static async open() {
    const socket = net.connect(`${settings.host}/.s.PGSQL.${settings.port ?? 5432}`);
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    const client = new Client(socket);
    await client.exchange(message("", long(196608), text("user"), text(settings.user), text("database"), text(settings.dbname), Buffer.from([0])));
    const sql = "SELECT device, ts, v FROM readings WHERE ts >= $1 AND ts < $2";
    await client.exchange(message("P", text("readings"), text(sql), short(2), long(20), long(20)), message("S"));
    return client;
  }

  /// Sends messages, and gives the rows that come before "ready for query".
  exchange(...messages) {
    this.rows = [];
    return new Promise((resolve, reject) => {
      [this.finish, this.fail] = [resolve, reject];
      this.socket.write(Buffer.concat(messages));
    });
  }

  read() {
    let at = 0;
    while (this.pending.length - at >= 5) {
      const end = at + 1 + this.pending.readInt32BE(at + 1);
      if (end > this.pending.length) break;
      const type = String.fromCharCode(this.pending[at]);
      if (type === "D") this.rows.push(this.row(at + 7));
      else if (type === "E") this.fail(new Error(this.pending.subarray(at + 5, end).toString()));
      else if (type === "Z") this.finish(this.rows);
      at = end;
    }
    this.pending = this.pending.subarray(at);
  }

  row(at) {
    const length = this.pending.readInt32BE(at);
    const device = this.pending.toString("utf8", at + 4, at + 4 + length);
    at += 4 + length;
    return [device, Number(this.pending.readBigInt64BE(at + 4)), this.pending.readDoubleBE(at + 16)];
  }

  query(from, to) {
    const bind = message(
      "B", text(""), text("readings"), short(1), short(1), short(2), long(8), big(from), long(8), big(to), short(1), short(1));
    return this.exchange(bind, message("E", text(""), long(0)), message("S"));
  }
}

let client;

export async function handle(event) {
  client ??= await Client.open();
  const groups = new Map();
  for (const [device, ts, v] of await client.query(event.from, event.to)) {
    const start = Math.floor(ts / 60000) * 60000;
    const key = `${start} ${device}`;
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { start, device, n: 0, sum: 0, min: Infinity, max: -Infinity }));
    found.n += 1;
    found.sum += v;
    found.min = Math.min(found.min, v);
    found.max = Math.max(found.max, v);
  }
  const windows = [...groups.values()]
    .sort((a, b) => a.start - b.start || (a.device < b.device ? -1 : 1))
    .map(({ start, device, n, sum, min, max }) => ({
      device, window_start: start, window_end: start + 60000, n, sum, mean: sum / n, min, max,
    }));
  return { windows };
}
