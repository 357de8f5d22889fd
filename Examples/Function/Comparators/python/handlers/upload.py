import base64
import hashlib

from awscrt import checksums

TYPES = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
]
LIMIT = 4 << 20


def handle(event):
    data = base64.b64decode(event["body"], validate=True)
    part_size = int(event["queryStringParameters"].get("partSize", 1 << 20))
    if len(data) > LIMIT:
        raise ValueError("too large")
    kind = next((kind for start, kind in TYPES if data.startswith(start)), None)
    if kind is None:
        raise ValueError("not an accepted type")
    parts = [memoryview(data)[start : start + part_size] for start in range(0, len(data), part_size)]
    composite = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
    crc = base64.b64encode(checksums.crc64nvme(data).to_bytes(8, "big")).decode()
    return {
        "contentType": kind,
        "byteCount": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "crc64nvme": crc,
        "compositeSHA256": f"{base64.b64encode(composite).decode()}-{len(parts)}",
        "objectCRC64NVME": crc,
    }
