const [inputs, hidden, outputs] = [256, 256, 64];

let state = 1;
function weight() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 25) - 64;
}
const first = Float32Array.from({ length: inputs * hidden }, () => weight() / 64);
const second = Int8Array.from({ length: hidden * outputs }, () => weight());

function nearest(x) {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

export function handle(event) {
  const bytes = Buffer.from(event.features, "base64");
  const features = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const rows = features.length / inputs;
  const scores = new Float32Array(rows * outputs);
  const classes = [];
  const middle = new Float32Array(hidden);
  const sums = new Int32Array(outputs);
  for (let row = 0; row < rows; row++) {
    middle.fill(0);
    for (let i = 0; i < inputs; i++) {
      const feature = features[row * inputs + i];
      for (let j = 0; j < hidden; j++) middle[j] += feature * first[i * hidden + j];
    }
    sums.fill(0);
    for (let i = 0; i < hidden; i++) {
      const value = Math.min(Math.max(middle[i] / 16, 0), 255);
      const byte = nearest(value);
      for (let j = 0; j < outputs; j++) sums[j] += byte * second[i * outputs + j];
    }
    let best = 0;
    for (let j = 0; j < outputs; j++) {
      scores[row * outputs + j] = sums[j] * 0.25;
      if (sums[j] > sums[best]) best = j;
    }
    classes.push(best);
  }
  return { scores: Buffer.from(scores.buffer).toString("base64"), classes };
}
