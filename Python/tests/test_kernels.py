"""The wheel from a user's side, against Python's own libraries. Run where it is installed: python -m unittest discover -s Python/tests"""

import array
import hashlib
import hmac
import json
import struct
import threading
import unittest
import zlib

import kernels


def png(width, height, color_type, rows):
    """A file by the letter of the standard: no filter, one chunk of image data."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    image = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", image) + chunk(b"IEND", b"")


class Library(unittest.TestCase):
    def test_version_and_features(self):
        self.assertRegex(kernels.version(), r"^\d+\.\d+\.\d+$")
        features = kernels.cpu_features()
        try:
            kernels.disable_cpu_features(features)
            self.assertEqual(kernels.cpu_features(), [])
        finally:
            kernels.disable_cpu_features()
        self.assertEqual(kernels.cpu_features(), features)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.disable_cpu_features(["avx3"])

    def test_everything_named_is_there(self):
        for name in kernels.__all__:
            self.assertIsNotNone(getattr(kernels, name))


class Hashing(unittest.TestCase):
    def test_digests(self):
        for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512"):
            for length in (0, 1, 55, 56, 64, 1000):
                data = bytes(i % 251 for i in range(length))
                self.assertEqual(kernels.digest(name, data), hashlib.new(name, data).digest(), (name, length))
        # The test vector of BLAKE3's authors for no bytes at all.
        self.assertTrue(kernels.digest("blake3", b"").hex().startswith("af1349b9f5f9a1a6"))
        self.assertEqual(kernels.hmac("sha256", b"key", b"data"), hmac.digest(b"key", b"data", "sha256"))

    def test_every_kind_of_buffer(self):
        data = bytes(range(200))
        expected = hashlib.sha256(data).digest()
        numbers = array.array("H", struct.unpack("100H", data))
        for buffer in (data, bytearray(data), memoryview(data), memoryview(bytearray(data)), numbers):
            self.assertEqual(kernels.sha256(buffer), expected, type(buffer))
        self.assertEqual(kernels.sha256(bytearray()), hashlib.sha256().digest())
        with self.assertRaises(TypeError):
            kernels.sha256("text")
        with self.assertRaises(kernels.InvalidArgument):
            kernels.sha256(memoryview(data)[::2])
        with self.assertRaises(kernels.InvalidArgument):
            kernels.digest("sha257", b"")

    def test_bit_by_bit(self):
        hasher = kernels.Hasher("sha512")
        for piece in (b"a", b"", b"bc" * 100):
            hasher.update(piece)
        other = hasher.copy().update(b"more")
        self.assertEqual(hasher.digest(), hashlib.sha512(b"a" + b"bc" * 100).digest())
        self.assertEqual(other.digest(), hashlib.sha512(b"a" + b"bc" * 100 + b"more").digest())

    def test_checksums(self):
        data = b"123456789"
        self.assertEqual(kernels.crc32(data), zlib.crc32(data))
        self.assertEqual(kernels.crc32c(data), 0xE3069283)
        self.assertEqual(kernels.crc64nvme(data), 0xAE8B14860A799888)
        for name in ("crc32", "crc32c", "crc64nvme"):
            checksum = getattr(kernels, name)
            self.assertEqual(checksum(data[4:], checksum(data[:4])), checksum(data))
            parts = kernels.crc_combine(name, checksum(data[:4]), checksum(data[4:]), 5)
            self.assertEqual(parts, checksum(data))

    def test_threads(self):
        data = bytes(1 << 20)
        found = []
        threads = [threading.Thread(target=lambda: found.append(kernels.sha256(data))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [hashlib.sha256(data).digest()] * 4)


class Images(unittest.TestCase):
    rows = [bytes((x * 5 + y * 3 + c * 40) % 256 for x in range(40) for c in range(3)) for y in range(30)]

    def test_pixels_and_back(self):
        file = png(40, 30, 2, self.rows)
        info = kernels.inspect_png(file)
        self.assertEqual((info.width, info.height, info.bit_depth, info.color_type), (40, 30, 8, 2))
        pixels, decoded = kernels.decode_png(file)
        self.assertEqual(pixels, b"".join(self.rows))
        self.assertEqual((decoded.channels, decoded.bits), (3, 8))
        again, _ = kernels.decode_png(kernels.encode_png(pixels, 40, 30, 3))
        self.assertEqual(again, pixels)

    def test_resize(self):
        file = png(40, 30, 2, [bytes([9, 100, 200] * 40)] * 30)
        small = kernels.resize(file, width=20, filter="bilinear")
        pixels, info = kernels.decode_png(small, channels=3)
        self.assertEqual((info.width, info.height), (20, 15))
        self.assertEqual(pixels, bytes([9, 100, 200] * 300))
        padded = kernels.inspect_png(kernels.resize(file, 20, 20, fit="contain"))
        self.assertEqual((padded.width, padded.height), (20, 20))

    def test_what_is_wrong(self):
        file = png(40, 30, 2, self.rows)
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.inspect_png(b"GIF89a")
        self.assertEqual(caught.exception.offset, 0)
        broken = bytearray(file)
        broken[45] ^= 1
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.decode_png(broken)
        self.assertEqual(caught.exception.path, "IDAT")
        self.assertGreater(caught.exception.offset, 32)
        with self.assertRaises(kernels.LimitExceeded):
            kernels.resize(file, 10, max_pixels=100)
        for arguments in ({}, {"width": 10, "fit": "around"}, {"width": 10, "filter": "sharp"}, {"width": -1}):
            with self.assertRaises(kernels.InvalidArgument):
                kernels.resize(file, **arguments)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.encode_png(b"short", 40, 30, 3)


class JSON(unittest.TestCase):
    def test_check_and_minify(self):
        kernels.validate_json(b' {"a": [1, 2.50, "\\u00e9"]}\n')
        self.assertEqual(kernels.minify_json(b' {"a": [1, 2.50]}\n'), b'{"a":[1,2.50]}')
        with self.assertRaises(kernels.InvalidData) as caught:
            kernels.validate_json(b'{"a":\n [1, }')
        error = caught.exception
        self.assertEqual((error.offset, error.line, error.column, error.path), (11, 2, 6, "/a/1"))
        self.assertIsInstance(error, ValueError)
        with self.assertRaises(kernels.LimitExceeded):
            kernels.validate_json(b"[" * 2000)

    def test_plans(self):
        text = b'{"order": {"lines": [{"sku": "a", "n": 2}, {"sku": "b", "n": 0}]}}'
        plan = kernels.JSONPlan("order.lines[?n > `0`].{sku: sku, n: n}")
        self.assertEqual(json.loads(plan.apply(text)), [{"sku": "a", "n": 2}])
        self.assertEqual(kernels.JSONPlan("/order/lines/1/sku", "pointer").apply(text), b'"b"')
        self.assertEqual(kernels.JSONPlan("$..sku", "jsonpath").apply(text), b'["a","b"]')
        lines, bad = kernels.JSONPlan("n").apply_lines(b'{"n": 1}\n{\n{}\n{"n": 3}', skip_bad=True)
        self.assertEqual((lines, bad), (b"1\n3\n", 1))
        with self.assertRaises(kernels.InvalidArgument) as caught:
            kernels.JSONPlan("lines[")
        self.assertGreater(caught.exception.offset, 0)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.JSONPlan("a", "xpath")
        with self.assertRaises(kernels.InvalidData):
            plan.apply(b"{")


class Aggregations(unittest.TestCase):
    plan = {
        "keys": ["device"],
        "aggregates": [
            {"op": "count", "as": "n"},
            {"op": "sum", "column": "v", "as": "sum"},
            {"op": "histogram", "column": "v", "bounds": [0, 10], "as": "spread"},
        ],
        "window": {"kind": "tumbling", "time": "ts", "size_ms": 1000},
    }
    first = b'{"device": "a", "ts": 1, "v": 0.5}\n{"device": "b", "ts": 999, "v": -3}\n'
    second = b'{"device": "a", "ts": 2, "v": 11}\n{"device": null, "ts": 1500, "v": 1}\n'
    expected = {
        "device": ["a", "b", None],
        "window_start": [0, 0, 1000],
        "window_end": [1000, 1000, 2000],
        "n": [2, 1, 1],
        "sum": [11.5, -3.0, 1.0],
        "spread": [[0, 1, 1], [1, 0, 0], [0, 1, 0]],
    }

    def test_windows(self):
        aggregation = kernels.Aggregation(self.plan)
        aggregation.update_ndjson(self.first)
        aggregation.update_ndjson(self.second)
        closed = aggregation.advance(1000)
        rest = aggregation.finish()
        self.assertEqual({name: closed[name] + rest[name] for name in closed}, self.expected)
        aggregation = kernels.Aggregation(json.dumps(self.plan))
        aggregation.advance(5000)
        aggregation.update_ndjson(self.first)
        self.assertEqual(aggregation.late_rows, 2)

    def test_state(self):
        one, other = kernels.Aggregation(self.plan), kernels.Aggregation(self.plan)
        one.update_ndjson(self.first)
        other.update_ndjson(self.second)
        whole = kernels.Aggregation(self.plan)
        whole.merge(other.snapshot())
        whole.merge(one.snapshot())
        one.update_ndjson(self.second)
        self.assertEqual(whole.snapshot(), one.snapshot(), "the order changes no byte")
        self.assertEqual(whole.finish(), self.expected)
        damaged = bytearray(one.snapshot())
        damaged[len(damaged) // 2] ^= 1
        with self.assertRaises(kernels.InvalidData):
            other.merge(damaged)

    def test_what_is_wrong(self):
        with self.assertRaises(kernels.InvalidArgument):
            kernels.Aggregation({"keys": [], "aggregates": [{"op": "average", "column": "v"}]})
        aggregation = kernels.Aggregation(self.plan)
        before = aggregation.snapshot()
        with self.assertRaises(kernels.InvalidData) as caught:
            aggregation.update_ndjson(self.first + b"{")
        self.assertGreaterEqual(caught.exception.offset, len(self.first))
        self.assertEqual(aggregation.snapshot(), before)


class Matrices(unittest.TestCase):
    def test_products(self):
        a, b = array.array("f", [1, 2, 3, 4, 5, 6]), array.array("f", [7, 8, 9, 10, 11, 12])
        self.assertEqual(list(kernels.sgemm(2, 2, 3, a, b)), [58, 64, 139, 154])
        self.assertEqual(list(kernels.sgemm(2, 2, 3, a, b, alpha=0.5)), [29, 32, 69.5, 77])
        bytes_, signed = bytes([1, 2, 3, 250]), array.array("b", [1, -1, -128, 127])
        self.assertEqual(list(kernels.u8s8gemm(2, 2, 2, bytes_, signed)), [-255, 253, -31997, 31747])
        with self.assertRaises(kernels.InvalidArgument):
            kernels.sgemm(2, 2, 3, a, b"bytes")
        with self.assertRaises(kernels.InvalidArgument):
            kernels.sgemm(3, 2, 3, a, b)
        with self.assertRaises(kernels.InvalidArgument):
            kernels.sgemm(2, 2, 3, a, b, threads=0)


if __name__ == "__main__":
    unittest.main()
