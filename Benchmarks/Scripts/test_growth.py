"""Fits, the model for more CPUs, and plots."""
import os
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import growth


def result():
    def points(cost, threads=(1,)):
        return [
            {"size": 100 * step, "threads": n, "nanoseconds": cost(100 * step), "elapsed": cost(100 * step) * (1 if n == 1 else 0.6), "rounds": 5}
            for step in (1, 3, 10, 30, 100)
            for n in threads
        ]

    return {
        "machine": {"cpu": "Some CPU"}, "cpus": 2, "date": "2030-01-02", "quick": False, "bandwidth": 10.0, "load": 0.3,
        "subjects": [
            {"name": "even", "unit": "bytes", "bytesPerUnit": 1, "points": points(lambda n: 2 * n)},
            {"name": "steep & <shared>", "unit": "rows", "bytesPerUnit": 0, "points": points(lambda n: n**1.5, (1, 2))},
        ],
    }  # fmt: skip


class Growth(unittest.TestCase):
    def test_exponent(self):
        even, steep = result()["subjects"]
        self.assertAlmostEqual(growth.exponent(growth.of_threads(even, 1)), 1)
        self.assertAlmostEqual(growth.exponent(growth.of_threads(steep, 1)), 1.5)

    def test_model_gives_back_what_was_measured(self):
        for one, two in ((100, 50), (100, 75), (100, 99)):
            share = growth.serial_share(one, two)
            self.assertAlmostEqual(growth.modelled(one, share, 2, 0), two)
        self.assertEqual(growth.serial_share(100, 120), 1)
        self.assertEqual(growth.serial_share(100, 40), 0)

    def test_memory_bounds_the_model(self):
        self.assertEqual(growth.modelled(100, 0, 16, 30), 30)
        # What is measured to be faster than memory is in the caches: the limit is not a slowdown.
        self.assertEqual(growth.modelled(100, 0, 16, 300), 100)

    def test_page(self):
        page = growth.page(result(), "Results/x/scaling.json", "Plots")
        self.assertIn("| even | bytes | 100 | 2 ns | 2 ns | 2 ns | 20 us | 1.00 |", page)
        self.assertIn("| steep & <shared> | 10 k rows | 1 ms | 600 us | 1.67 | 20 % | 2.5 | 3.3 | 4.0 |", page)

    def test_a_busy_machine_is_told(self):
        self.assertNotIn("busy", growth.page(result(), "x", "Plots"))
        self.assertIn("load average 9", growth.page({**result(), "load": 9.0}, "x", "Plots"))

    def test_plots_are_xml(self):
        made = growth.plots(result())
        self.assertEqual(sorted(made), ["cost.svg", "threads.svg"])
        for text in made.values():
            root = ElementTree.fromstring(text)
            self.assertTrue(root.tag.endswith("svg"))
            self.assertGreaterEqual(len(root.findall("{*}polyline")), 2)


if __name__ == "__main__":
    unittest.main()
