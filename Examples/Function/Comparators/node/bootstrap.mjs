// The five functions as they are written in JavaScript, with what Node itself has.
import http from "node:http";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const root = "/2018-06-01/runtime/invocation/";

function exchange(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    if (body) headers["Content-Length"] = Buffer.byteLength(body);
    const request = http.request({ host, port, agent, method, path: root + path, headers }, (reply) => {
      const pieces = [];
      reply.on("data", (piece) => pieces.push(piece));
      reply.on("end", () => resolve({ headers: reply.headers, body: Buffer.concat(pieces) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const { handle } = await import(`./handlers/${process.env._HANDLER}.mjs`);
for (;;) {
  const event = await exchange("GET", "next");
  const id = event.headers["lambda-runtime-aws-request-id"];
  const headers = { "Content-Type": "application/json" };
  let path, body;
  try {
    body = JSON.stringify(await handle(JSON.parse(event.body.toString())));
    path = `${id}/response`;
  } catch (error) {
    headers["Lambda-Runtime-Function-Error-Type"] = error.name;
    body = JSON.stringify({ errorType: error.name, errorMessage: error.message, stackTrace: [] });
    path = `${id}/error`;
  }
  await exchange("POST", path, body, headers);
}
