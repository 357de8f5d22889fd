export function handle(event) {
  const order = JSON.parse(event.isBase64Encoded ? Buffer.from(event.body, "base64").toString() : event.body);
  const result = {
    order: order.id,
    customer: order.customer.name,
    country: order.customer.address.country,
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    cents: order.lines.reduce((sum, line) => sum + line.cents, 0),
    lines: order.lines
      .filter((line) => line.quantity > 0)
      .map(({ sku, quantity, cents }) => ({ sku, quantity, cents })),
  };
  return {
    statusCode: 200,
    headers: { "content-type": "application/json" },
    isBase64Encoded: false,
    body: JSON.stringify(result),
  };
}
