import base64
import io

from PIL import Image


def handle(event):
    query = event["queryStringParameters"]
    image = Image.open(io.BytesIO(base64.b64decode(event["body"], validate=True)))
    ratio = min(
        int(query[name]) / size for name, size in (("width", image.width), ("height", image.height)) if int(query.get(name, 0)) > 0
    )
    small = image.resize((max(1, round(image.width * ratio)), max(1, round(image.height * ratio))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "PNG", compress_level=3)
    return {
        "statusCode": 200,
        "headers": {"content-type": "image/png"},
        "isBase64Encoded": True,
        "body": base64.b64encode(out.getvalue()).decode(),
    }
