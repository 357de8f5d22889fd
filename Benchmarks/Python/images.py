"""Pillow, libvips by pyvips, OpenCV: PNG files decoded, encoded, and made smaller as a whole job."""
from __future__ import annotations

import io
from collections.abc import Iterator

import kernels
from measure import Absent, Case, Context, Disagreement, Way, optional, pip

PICTURES = [("photo-2.8MP", 300, 3), ("photo-12MP", 300, 3), ("rgba-3MP", 1024, 4)]


def cases(context: Context) -> Iterator[Case]:
    numpy = optional("numpy")
    if numpy is None:
        return
    libraries, absent = rivals(numpy)

    def pixels(data: bytes, channels: int):
        decoded, info = kernels.decode_png(data, channels=channels)
        return numpy.frombuffer(decoded, numpy.uint8).reshape(info.height, info.width, channels)

    for name, width, channels in PICTURES:
        file = context.read(f"{name}.png")

        def alike(x, y, channels=channels):
            a, b = pixels(x, channels).astype(int), pixels(y, channels).astype(int)
            if any(abs(p - q) > 1 for p, q in zip(a.shape, b.shape)):
                raise Disagreement(f"sizes {a.shape} and {b.shape}")
            height, wide = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
            difference = abs(a[:height, :wide] - b[:height, :wide]).mean()
            if difference > 4:
                raise Disagreement(f"samples differ by {difference:.1f} of 255 on average")

        yield Case(
            "png-thumbnail", len(file), f"{name}-to-{width}", float(len(file)), "GB/s",
            ours=lambda file=file, width=width: kernels.resize(file, width=width),
            rivals=[Way(*of("thumbnail"), version) for _, version, of in bound(libraries, file, width, channels)],
            agree=alike, agreement="sizes to a pixel, samples to 4 of 255 on average", absent=absent,
        )  # fmt: skip

    name, width, channels = PICTURES[0]
    file = context.read(f"{name}.png")
    exact = pixels(file, channels)
    yield Case(
        "png-decode", exact.size, name, float(exact.size), "GB/s",
        ours=lambda: kernels.decode_png(file)[0],
        rivals=[Way(*of("decode"), version) for _, version, of in bound(libraries, file, width, channels)],
        agree=lambda x, y: bool((numpy.frombuffer(x, numpy.uint8) == numpy.asarray(as_array(numpy, y)).ravel()).all()),
        agreement="every sample", absent=absent,
    )  # fmt: skip
    raw = exact.tobytes()
    yield Case(
        "png-encode-6", exact.size, name, float(exact.size), "GB/s",
        ours=lambda: kernels.encode_png(raw, exact.shape[1], exact.shape[0], channels, compression=6),
        rivals=[Way(*of("encode"), version) for _, version, of in bound(libraries, file, width, channels)],
        agree=lambda x, y: bool((pixels(x, channels) == pixels(y, channels)).all()),
        agreement="every sample, decoded again", absent=absent,
    )  # fmt: skip


def as_array(numpy, result):
    return numpy.frombuffer(result, numpy.uint8) if isinstance(result, bytes) else result


def bound(libraries, file, width, channels):
    """Each library with a function that gives a name and a body for a job."""
    for name, version, make in libraries:
        jobs = make(file, width, channels)
        yield name, version, lambda job, name=name, version=version, jobs=jobs: (f"{name} {version}", jobs[job])


def rivals(numpy):
    libraries, absent = [], []
    if optional("PIL"):
        from PIL import Image
        from PIL import __version__ as version

        def pillow(file, width, channels):
            image = Image.open(io.BytesIO(file))
            image.load()

            def thumbnail():
                image = Image.open(io.BytesIO(file))
                size = (width, max(1, round(image.height * width / image.width)))
                out = io.BytesIO()
                image.resize(size, Image.Resampling.LANCZOS).save(out, "PNG", compress_level=6)
                return out.getvalue()

            def decode():
                return Image.open(io.BytesIO(file)).tobytes()

            def encode():
                out = io.BytesIO()
                image.save(out, "PNG", compress_level=6)
                return out.getvalue()

            return {"thumbnail": thumbnail, "decode": decode, "encode": encode}

        libraries.append(("Pillow", version, pillow))
    else:
        absent.append(Absent("Pillow", pip("pillow")))
    if pyvips := optional("pyvips"):
        pyvips.cache_set_max(0)

        def vips(file, width, channels):
            image = pyvips.Image.new_from_buffer(file, "").copy_memory()

            def decode():
                return pyvips.Image.new_from_buffer(file, "", access="sequential").write_to_memory()

            return {
                # Only the width is given: the height follows from the aspect ratio, as it does for the others.
                "thumbnail": lambda: pyvips.Image.thumbnail_buffer(file, width, height=10_000_000).pngsave_buffer(compression=6),
                "decode": lambda: bytes(decode()),
                "encode": lambda: image.pngsave_buffer(compression=6),
            }

        libraries.append(("libvips", ".".join(str(pyvips.version(i)) for i in range(3)), vips))
    else:
        absent.append(Absent("libvips", "not importable; get it with apt-get install libvips42 and pip install pyvips"))
    if cv2 := optional("cv2"):
        cv2.setNumThreads(1)

        def opencv(file, width, channels):
            data = numpy.frombuffer(file, numpy.uint8)
            image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
            flip = cv2.COLOR_BGR2RGB

            def thumbnail():
                image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
                size = (width, max(1, round(image.shape[0] * width / image.shape[1])))
                small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
                return cv2.imencode(".png", small, [cv2.IMWRITE_PNG_COMPRESSION, 6])[1].tobytes()

            return {
                "thumbnail": thumbnail,
                # It keeps blue first by habit; in this order it is what the others give.
                "decode": lambda: cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
                if hasattr(cv2, "IMREAD_COLOR_RGB")
                else cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), flip),
                "encode": lambda: cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 6])[1].tobytes(),
            }

        libraries.append(("OpenCV", cv2.__version__, opencv))
    else:
        absent.append(Absent("OpenCV", pip("opencv-python-headless")))
    return libraries, absent
