import base64
import json


def handle(event):
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"]
    order = json.loads(body)
    lines = order["lines"]
    result = {
        "order": order["id"],
        "customer": order["customer"]["name"],
        "country": order["customer"]["address"]["country"],
        "units": sum(line["quantity"] for line in lines),
        "cents": sum(line["cents"] for line in lines),
        "lines": [{name: line[name] for name in ("sku", "quantity", "cents")} for line in lines if line["quantity"] > 0],
    }
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "isBase64Encoded": False,
        "body": json.dumps(result, ensure_ascii=False, separators=(",", ":")),
    }
