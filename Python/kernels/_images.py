"""PNG files: what they say, their pixels, and files resized."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from ._errors import ErrorPlace, InvalidArgument, check
from ._library import Bytes, OutBytes, OutSize, Output, Place, Size, View, declare


class _Info(ctypes.Structure):
    _fields_ = [("width", ctypes.c_uint32), ("height", ctypes.c_uint32)] + [
        (name, ctypes.c_uint8) for name in ("bit_depth", "color_type", "interlaced", "has_alpha", "channels", "bits")
    ]


class _Options(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("fit", ctypes.c_int32),
        ("filter", ctypes.c_int32),
        ("enlarge", ctypes.c_int32),
        ("linear_light", ctypes.c_int32),
        ("compression", ctypes.c_int32),
        ("max_pixels", ctypes.c_uint64),
        ("max_memory", ctypes.c_uint64),
        ("threads", ctypes.c_int32),
    ]


@dataclass(frozen=True)
class PNGInfo:
    """What a file says about its image. ``channels`` and ``bits`` are those of the decoded pixels."""

    width: int
    height: int
    bit_depth: int
    color_type: int
    interlaced: bool
    has_alpha: bool
    channels: int
    bits: int

    @staticmethod
    def _of(info: _Info) -> PNGInfo:
        return PNGInfo(
            info.width,
            info.height,
            info.bit_depth,
            info.color_type,
            bool(info.interlaced),
            bool(info.has_alpha),
            info.channels,
            info.bits,
        )


_FITS = ("fill", "inside", "outside", "cover", "contain")
_FILTERS = ("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos3", "mitchell")

_inspect = declare("kn_png_inspect", [Bytes, Size, ctypes.POINTER(_Info), Place])
_decode = declare(
    "kn_png_decode",
    [Bytes, Size, ctypes.c_int32, ctypes.c_int32, ctypes.c_uint64, OutBytes, ctypes.POINTER(_Info), Place],
)
_encode = declare(
    "kn_png_encode",
    [Bytes, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_int32, ctypes.c_int32, Size, ctypes.c_int32, OutBytes, OutSize, Place],
)
_resize = declare("kn_png_resize", [Bytes, Size, ctypes.POINTER(_Options), OutBytes, OutSize, Place])


def _choice(name: str, value: str, values: tuple[str, ...]) -> int:
    if value not in values:
        raise InvalidArgument(f"{name} must be one of {', '.join(values)}")
    return values.index(value)


def _within(name: str, value: int, most: int) -> int:
    if not 0 <= value <= most:
        raise InvalidArgument(f"{name} must be from 0 to {most}")
    return value


def inspect_png(data: Any) -> PNGInfo:
    """What a file says before its image; the image itself is not looked at."""
    view, info, place = View(data), _Info(), ErrorPlace()
    check(_inspect(view.address, view.length, info, place), place)
    return PNGInfo._of(info)


def decode_png(data: Any, channels: int = 0, bits: int = 8, max_pixels: int = 0) -> tuple[bytes, PNGInfo]:
    """The pixels, rows without gaps, and what the file says. ``channels`` 0: as stored. 16 bits are in the host's order."""
    view, info, place, out = View(data), _Info(), ErrorPlace(), Output()
    check(
        _decode(view.address, view.length, channels, bits, max_pixels, ctypes.byref(out.memory), info, place), place
    )
    return out.take(info.width * info.height * info.channels * info.bits // 8), PNGInfo._of(info)


def encode_png(
    pixels: Any, width: int, height: int, channels: int, bits: int = 8, compression: int = 6
) -> bytes:
    """A file of pixels, whose rows come without gaps. ``compression``: 0 fastest to 9 smallest."""
    view, place, out = View(pixels), ErrorPlace(), Output()
    width, height = _within("width", width, 2**31 - 1), _within("height", height, 2**31 - 1)
    stride = width * channels * bits // 8
    if stride < 0 or view.length < stride * height:
        raise InvalidArgument("there are fewer pixels than width times height")
    status = _encode(
        view.address, width, height, channels, bits, stride, compression,
        ctypes.byref(out.memory), ctypes.byref(out.length), place,
    )  # fmt: skip
    check(status, place)
    return out.take()


def resize(
    data: Any,
    width: int = 0,
    height: int = 0,
    *,
    fit: str = "inside",
    filter: str = "lanczos3",
    enlarge: bool = False,
    linear_light: bool = False,
    compression: int = 6,
    max_pixels: int = 0,
    max_memory: int = 0,
    threads: int = 1,
) -> bytes:
    """A PNG file made into another of another size.

    ``width`` and ``height`` are those of the box that ``fit`` brings the image into; 0 for one of them keeps the aspect ratio.
    ``max_pixels`` bounds the image and the result, ``max_memory`` what the call holds, in bytes; 0: the defaults.
    """
    view, place, out = View(data), ErrorPlace(), Output()
    options = _Options(
        _within("width", width, 2**32 - 1),
        _within("height", height, 2**32 - 1),
        _choice("fit", fit, _FITS),
        _choice("filter", filter, _FILTERS),
        int(enlarge),
        int(linear_light),
        compression,
        _within("max_pixels", max_pixels, 2**64 - 1),
        _within("max_memory", max_memory, 2**64 - 1),
        threads,
    )
    check(
        _resize(view.address, view.length, options, ctypes.byref(out.memory), ctypes.byref(out.length), place), place
    )
    return out.take()
