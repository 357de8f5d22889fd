"""hashlib's OpenSSL, the blake3 wheel, zlib: digests and checksums as Python calls them."""
from __future__ import annotations

import hashlib
import ssl
import zlib
from collections.abc import Iterator

import kernels
from measure import Absent, Case, Context, Way, optional, pip

openssl = f"hashlib, OpenSSL {ssl.OPENSSL_VERSION.split()[1]}"


def cases(context: Context) -> Iterator[Case]:
    blake3 = optional("blake3")
    for size, label in ((64, "64B"), (1 << 20, "1MiB")):
        data = bytes(i % 251 for i in range(size))
        yield Case(
            "python-sha256", size, label, float(size), "GB/s", ours=lambda d=data: kernels.sha256(d),
            rivals=[Way(openssl, lambda d=data: hashlib.sha256(d).digest(), ssl.OPENSSL_VERSION.split()[1])],
            agree=lambda x, y: x == y, agreement="every bit",
        )  # fmt: skip
        yield Case(
            "python-crc32", size, label, float(size), "GB/s", ours=lambda d=data: kernels.crc32(d),
            rivals=[Way(f"zlib {zlib.ZLIB_RUNTIME_VERSION}", lambda d=data: zlib.crc32(d), zlib.ZLIB_RUNTIME_VERSION)],
            agree=lambda x, y: x == y, agreement="every bit",
        )  # fmt: skip
        yield Case(
            "python-blake3", size, label, float(size), "GB/s", ours=lambda d=data: kernels.digest("blake3", d),
            rivals=[Way(f"blake3 {blake3.__version__}", lambda d=data: blake3.blake3(d).digest(), blake3.__version__)] if blake3 else [],
            agree=lambda x, y: x == y, agreement="every bit", absent=[] if blake3 else [Absent("blake3", pip("blake3"))],
        )  # fmt: skip
