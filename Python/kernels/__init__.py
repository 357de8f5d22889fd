"""Kernels: compute kernels of a native library, for Python, without a compiler on the machine that uses them.

Bytes go in as anything that has a buffer (``bytes``, ``bytearray``, ``memoryview``, ``array``, NumPy arrays) and come out as ``bytes``.
What is wrong with data is a `KernelsError` with its place. A call holds no lock of the interpreter while it computes.
"""

from ._aggregation import Aggregation, Column
from ._errors import (
    InvalidArgument,
    InvalidData,
    KernelsError,
    LimitExceeded,
    OutOfMemory,
    Unsupported,
)
from ._hashing import (
    Hasher,
    crc32,
    crc32c,
    crc64nvme,
    crc_combine,
    digest,
    hmac,
    sha256,
    sha512,
)
from ._images import PNGInfo, decode_png, encode_png, inspect_png, resize
from ._json import JSONPlan, minify_json, validate_json
from ._library import cpu_features, disable_cpu_features, version
from ._matrix import sgemm, u8s8gemm

__all__ = [
    "Aggregation",
    "Column",
    "Hasher",
    "InvalidArgument",
    "InvalidData",
    "JSONPlan",
    "KernelsError",
    "LimitExceeded",
    "OutOfMemory",
    "PNGInfo",
    "Unsupported",
    "cpu_features",
    "crc32",
    "crc32c",
    "crc64nvme",
    "crc_combine",
    "decode_png",
    "digest",
    "disable_cpu_features",
    "encode_png",
    "hmac",
    "inspect_png",
    "minify_json",
    "resize",
    "sgemm",
    "sha256",
    "sha512",
    "u8s8gemm",
    "validate_json",
    "version",
]
