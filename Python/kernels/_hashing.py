"""Hashes, message authentication and checksums."""

from __future__ import annotations

import ctypes
from typing import Any

from ._errors import InvalidArgument, check
from ._library import Bytes, Size, View, declare

_NUMBERS = {
    "md5": 1,
    "sha1": 2,
    "sha224": 3,
    "sha256": 4,
    "sha384": 5,
    "sha512": 6,
    "sha512_256": 7,
    "sha3_256": 8,
    "sha3_512": 9,
    "blake3": 10,
}

_size = declare("kn_hash_size", [ctypes.c_int32], Size)
_hash = declare("kn_hash", [ctypes.c_int32, Bytes, Size, Bytes])
_hmac = declare("kn_hmac", [ctypes.c_int32, Bytes, Size, Bytes, Size, Bytes])
_create = declare("kn_hasher_create", [ctypes.c_int32, ctypes.POINTER(ctypes.c_void_p)])
_update = declare("kn_hasher_update", [ctypes.c_void_p, Bytes, Size])
_finish = declare("kn_hasher_finish", [ctypes.c_void_p, Bytes])
_clone = declare("kn_hasher_clone", [ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p)])
_destroy = declare("kn_hasher_destroy", [ctypes.c_void_p], None)
_crc = declare("kn_crc", [ctypes.c_int32, ctypes.c_uint64, Bytes, Size], ctypes.c_uint64)
_combine = declare("kn_crc_combine", [ctypes.c_int32, ctypes.c_uint64, ctypes.c_uint64, ctypes.c_uint64], ctypes.c_uint64)


def _number(algorithm: str) -> int:
    try:
        return _NUMBERS[algorithm]
    except KeyError:
        raise InvalidArgument(f"unknown hash {algorithm!r}; there are {', '.join(_NUMBERS)}") from None


def digest(algorithm: str, data: Any) -> bytes:
    """The digest of ``data``. MD5 and SHA-1 are broken, and there for what asks for them."""
    number, view = _number(algorithm), View(data)
    out = ctypes.create_string_buffer(_size(number))
    check(_hash(number, view.address, view.length, out))
    return out.raw


def sha256(data: Any) -> bytes:
    """SHA-256 (FIPS 180-4)."""
    return digest("sha256", data)


def sha512(data: Any) -> bytes:
    """SHA-512 (FIPS 180-4)."""
    return digest("sha512", data)


def hmac(algorithm: str, key: Any, data: Any) -> bytes:
    """HMAC (RFC 2104)."""
    number, secret, view = _number(algorithm), View(key), View(data)
    out = ctypes.create_string_buffer(_size(number))
    check(_hmac(number, secret.address, secret.length, view.address, view.length, out))
    return out.raw


class Hasher:
    """A hash of bytes that come bit by bit. `digest` may be asked at any time."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self.digest_size = int(_size(_number(algorithm)))
        self._handle = ctypes.c_void_p()
        check(_create(_number(algorithm), ctypes.byref(self._handle)))

    def update(self, data: Any) -> Hasher:
        view = View(data)
        check(_update(self._handle, view.address, view.length))
        return self

    def digest(self) -> bytes:
        out = ctypes.create_string_buffer(self.digest_size)
        check(_finish(self._handle, out))
        return out.raw

    def copy(self) -> Hasher:
        other = Hasher.__new__(Hasher)
        other.algorithm, other.digest_size, other._handle = self.algorithm, self.digest_size, ctypes.c_void_p()
        check(_clone(self._handle, ctypes.byref(other._handle)))
        return other

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            _destroy(self._handle)


def _checksum(number: int, data: Any, crc: int) -> int:
    view = View(data)
    return int(_crc(number, crc, view.address, view.length))


def crc32(data: Any, crc: int = 0) -> int:
    """CRC-32 of ``data`` behind bytes whose CRC is ``crc``, as zlib's."""
    return _checksum(1, data, crc)


def crc32c(data: Any, crc: int = 0) -> int:
    """CRC-32C (Castagnoli)."""
    return _checksum(2, data, crc)


def crc64nvme(data: Any, crc: int = 0) -> int:
    """CRC-64/NVME, as Amazon S3 asks for it."""
    return _checksum(3, data, crc)


def crc_combine(name: str, first: int, second: int, second_length: int) -> int:
    """The CRC of two pieces, from those of each and the length of the second. ``name`` is that of the function above."""
    number = {"crc32": 1, "crc32c": 2, "crc64nvme": 3}.get(name)
    if number is None:
        raise InvalidArgument(f"unknown checksum {name!r}")
    return int(_combine(number, first, second, second_length))
