// Node has no images: PNG of 8 bits by way of its zlib, and Lanczos in two passes of fixed-point numbers, as Pillow has it.
import zlib from "node:zlib";

const channelsOf = { 0: 1, 2: 3, 4: 2, 6: 4 };
const bits = 22; // what is left of 32 bits beside a sample and a sign

function decode(file) {
  const [width, height, depth, type] = [file.readUInt32BE(16), file.readUInt32BE(20), file[24], file[25]];
  const channels = channelsOf[type];
  if (depth !== 8 || !channels || file[28]) throw new TypeError("a PNG that this does not read");
  const pieces = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT") pieces.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = zlib.inflateSync(Buffer.concat(pieces));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)];
    const [from, to] = [y * (stride + 1) + 1, y * stride];
    for (let i = 0; i < stride; i++) {
      const a = i < channels ? 0 : pixels[to + i - channels];
      const b = y === 0 ? 0 : pixels[to + i - stride];
      const c = i < channels || y === 0 ? 0 : pixels[to + i - stride - channels];
      let guess = 0;
      if (filter === 1) guess = a;
      else if (filter === 2) guess = b;
      else if (filter === 3) guess = (a + b) >> 1;
      else if (filter === 4) {
        const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
        guess = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      }
      pixels[to + i] = rows[from + i] + guess;
    }
  }
  return { width, height, channels, pixels };
}

function encode({ width, height, channels, pixels }) {
  const stride = width * channels;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    rows[y * (stride + 1)] = y === 0 ? 0 : 2;
    for (let i = 0; i < stride; i++) {
      rows[y * (stride + 1) + 1 + i] = pixels[y * stride + i] - (y === 0 ? 0 : pixels[(y - 1) * stride + i]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, { 1: 0, 2: 4, 3: 2, 4: 6 }[channels], 0, 0, 0], 8);
  const chunks = [["IHDR", header], ["IDAT", zlib.deflateSync(rows, { level: 3 })], ["IEND", Buffer.alloc(0)]];
  const pieces = [Buffer.from("\x89PNG\r\n\x1a\n", "latin1")];
  for (const [name, data] of chunks) {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    pieces.push(length, body, sum);
  }
  return Buffer.concat(pieces);
}

const table = Uint32Array.from({ length: 256 }, (_, i) => {
  for (let bit = 0; bit < 8; bit++) i = i & 1 ? (i >>> 1) ^ 0xedb88320 : i >>> 1;
  return i >>> 0;
});

function crc32(data) {
  let sum = -1;
  for (const byte of data) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255];
  return ~sum >>> 0;
}

function lanczos(x) {
  if (x === 0) return 1;
  if (x <= -3 || x >= 3) return 0;
  const a = Math.PI * x;
  return ((Math.sin(a) / a) * Math.sin(a / 3)) / (a / 3);
}

// For each place of the output, where its samples begin and what they weigh.
function weights(size, target) {
  const scale = size / target;
  const stretch = Math.max(scale, 1);
  return Array.from({ length: target }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - 3 * stretch + 0.5));
    const end = Math.min(size, Math.trunc(centre + 3 * stretch + 0.5));
    const values = Array.from({ length: end - start }, (_, i) => lanczos((start + i - centre + 0.5) / stretch));
    const sum = values.reduce((a, b) => a + b, 0);
    const fixed = values.map((value) => Math.trunc((value / sum) * (1 << bits) + (value < 0 ? -0.5 : 0.5)));
    return { start, fixed: Int32Array.from(fixed) };
  });
}

const clip = (sum) => Math.min(Math.max(sum >> bits, 0), 255);

function horizontal({ width, height, channels, pixels }, target) {
  const taps = weights(width, target);
  const out = Buffer.alloc(target * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < target; x++) {
      const { start, fixed } = taps[x];
      for (let c = 0; c < channels; c++) {
        let sum = 1 << (bits - 1);
        let at = (y * width + start) * channels + c;
        for (let i = 0; i < fixed.length; i++, at += channels) sum += pixels[at] * fixed[i];
        out[(y * target + x) * channels + c] = clip(sum);
      }
    }
  }
  return { width: target, height, channels, pixels: out };
}

function vertical({ width, height, channels, pixels }, target) {
  const taps = weights(height, target);
  const stride = width * channels;
  const out = Buffer.alloc(stride * target);
  for (let y = 0; y < target; y++) {
    const { start, fixed } = taps[y];
    for (let i = 0; i < stride; i++) {
      let sum = 1 << (bits - 1);
      for (let j = 0; j < fixed.length; j++) sum += pixels[(start + j) * stride + i] * fixed[j];
      out[y * stride + i] = clip(sum);
    }
  }
  return { width, height: target, channels, pixels: out };
}

export function handle(event) {
  const image = decode(Buffer.from(event.body, "base64"));
  const query = event.queryStringParameters;
  const ratio = Math.min(
    ...["width", "height"].filter((name) => Number(query[name] ?? 0) > 0).map((name) => Number(query[name]) / image[name]),
  );
  const [width, height] = [image.width, image.height].map((size) => Math.max(1, Math.round(size * ratio)));
  const body = encode(vertical(horizontal(image, width), height)).toString("base64");
  return { statusCode: 200, headers: { "content-type": "image/png" }, isBase64Encoded: true, body };
}
