"""python3 -m unittest discover --start-directory Benchmarks/Scripts --pattern 'test_*.py'"""
import json
import os
import random
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import results


def document(cases, peers=()):
    """What `run --json` writes, as far as it is read."""
    return {
        "machine": {"cpu": "Some(R) CPU 9000 @ 2.10GHz", "architecture": "x86_64", "featuresActive": "avx2,fma", "affinity": 2, "system": "Linux 6.1"},
        "build": {"version": "1", "swift": "Swift version 6.3.1 (x)", "c": "clang 17", "configuration": "release"},
        "peers": list(peers),
        "cases": [
            {
                "name": name, "unit": "GB/s", "parameters": [],
                "contenders": [
                    {"samples": {"name": who or "row", "role": "peer" if who else "kernel", "work": 1000, "nanoseconds": times}}
                    for who, times in ways.items()
                ],
            }
            for name, ways in cases.items()
        ],
    }  # fmt: skip


class Verdicts(unittest.TestCase):
    def test_whole_interval_must_pass_the_band(self):
        self.assertEqual(results.verdict(1.06, 2), "ahead")
        self.assertEqual(results.verdict(1.04, 2), "level")
        self.assertEqual(results.verdict(0.97, 1.02), "level")
        self.assertEqual(results.verdict(0.5, 0.94), "behind")
        self.assertEqual(results.verdict(0.5, 0.97), "level")

    def test_ratio_is_of_rounds_and_interval_of_lives(self):
        # Drift that falls on both alike leaves the ratio alone; a life that is slower as a whole widens the interval.
        drift = [1 + i / 5 for i in range(20)]
        first = ([100 * d for d in drift], [300 * d for d in drift])
        second = ([100 * d for d in drift], [200 * d for d in drift])
        one, two = results.compare([first]), results.compare([first, second])
        self.assertAlmostEqual(one["ratio"], 3)
        self.assertAlmostEqual(one["low"], 3)
        self.assertAlmostEqual(two["ratio"], 2.5)
        self.assertAlmostEqual(two["low"], 2)
        self.assertAlmostEqual(two["high"], 3)
        self.assertEqual(two["verdict"], "ahead")

    def test_interval_covers_the_median(self):
        source = random.Random(5)
        hits = 0
        for _ in range(400):
            low, high = results.median_interval([source.gauss(0, 1) for _ in range(15)])
            hits += low <= 0 <= high
        self.assertGreater(hits / 400, 0.93)
        self.assertEqual(results.median_interval([3, 1, 2]), (1, 3))
        self.assertEqual(results.median_interval([7]), (7, 7))


class Summaries(unittest.TestCase):
    def setUp(self):
        lives = [
            document(
                {"sha256/1MiB": {"": [10, 10, 11], "libcrypto": [20, 20, 21], "ISA-L": [10, 10, 11]}},
                [{"name": "libcrypto", "version": "3", "library": "/opt/secret/libcrypto.so"}, {"name": "yyjson", "absent": "not found; get it"}],
            ),
            document({"sha256/1MiB": {"": [10, 10, 10], "libcrypto": [22, 22, 22], "ISA-L": [10, 10, 10]}}),
        ]
        self.result = results.summarise([lives], "2030-01-02", False, 61.4, ["A note."])

    def test_fields(self):
        libcrypto = next(item for item in self.result["comparisons"] if item["rival"] == "libcrypto")
        self.assertEqual(libcrypto["family"], "Hashes and checksums")
        self.assertEqual(libcrypto["verdict"], "ahead")
        self.assertEqual(len(libcrypto["lives"]), 2)
        self.assertEqual(self.result["lives"], 2)

    def test_no_path_of_the_machine(self):
        self.assertNotIn("/opt/secret", json.dumps(self.result))

    def test_markdown(self):
        text = results.markdown(self.result)
        self.assertIn("2 comparisons: 1 ahead, 1 level, 0 behind.", text)
        self.assertIn("| sha256/1MiB | 10.0 ns | ISA-L | 1.00 (1.00 to 1.00) | libcrypto **2.10** |", text)
        self.assertIn("- yyjson: not found; get it.", text)
        self.assertIn("- A note.", text)
        self.assertNotIn("quick", text)
        self.assertNotIn("busy", text)
        self.assertIn("load average 12", results.markdown({**self.result, "load": 12.0}))

    def test_written_and_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "result.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(self.result, file)
            self.assertEqual(results.read(path), self.result)
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"format": "another"}, file)
            with self.assertRaises(ValueError):
                results.read(path)

    def test_splicing(self):
        readme = f"before\n{results.BEGIN} -->\nold\n{results.END}\nafter\n"
        once = results.spliced(readme, "Benchmarks/Results/a/b.json", results.markdown(self.result))
        self.assertEqual(results.named_in(once), "Benchmarks/Results/a/b.json")
        self.assertEqual(results.spliced(once, "Benchmarks/Results/a/b.json", results.markdown(self.result)), once)
        self.assertTrue(once.startswith("before\n") and once.endswith(f"{results.END}\nafter\n"))
        self.assertIsNone(results.named_in(readme))


class Agreement(unittest.TestCase):
    @staticmethod
    def of(**items):
        return {"comparisons": [{"case": case, "rival": "r", "low": low, "high": high, "verdict": results.verdict(low, high)} for case, (low, high) in items.items()]}

    def test_kinds(self):
        a = self.of(one=(1.2, 1.4), two=(1.06, 1.2), three=(1.3, 1.4), four=(1, 1))
        b = self.of(one=(1.5, 1.9), two=(1.0, 1.1), three=(0.7, 0.8))
        same, near, different, missing = results.agree(a, b)
        self.assertEqual((same, near, different, missing), (["one · r"], ["two · r"], ["three · r"], ["four · r"]))


class Texts(unittest.TestCase):
    def test_digits(self):
        self.assertEqual([results.digits(x) for x in (0.0123, 1.234, 12.34, 123.4, 1234.5)], ["0.0123", "1.23", "12.3", "123", "1234"])
        self.assertEqual(results.time_text(1500), "1.50 us")

    def test_slug(self):
        self.assertEqual(results.slug("Intel(R) Xeon(R) Platinum 8581C CPU @ 2.30GHz"), "intel-xeon-platinum-8581c")
        self.assertEqual(results.slug("  "), "unknown")

    def test_families(self):
        self.assertEqual(results.family("numpy-matmul-f32/64"), "Matrices")
        self.assertEqual(results.family("png-thumbnail/x"), "Images")
        self.assertEqual(results.family("something"), "Others")


if __name__ == "__main__":
    unittest.main()
