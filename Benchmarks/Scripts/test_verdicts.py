"""What the gate makes of the documents of `ab`, `check` and `run`."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import verdicts


def times(name, verdict, counts=(), **judgement):
    return {
        "name": name, "oldNanoseconds": 100, "newNanoseconds": 110, "counts": list(counts),
        "estimate": {"value": 0.0953, "interval": {"low": 0.08, "high": 0.11}},
        "judgement": {"verdict": verdict, **judgement},
    }  # fmt: skip


def finding(metric, old, new, verdict, **more):
    return {"metric": metric, "old": old, "new": new, "verdict": verdict, "isWaived": False, **more}


class Gate(unittest.TestCase):
    def test_noise_is_no_regression(self):
        found = verdicts.Verdicts("a against b")
        found.add_times({"cases": [times("x/1", "inconclusive", reason="too busy"), times("x/2", "no change"), times("x/3", "improvement")]})
        self.assertFalse(found.has_regression)
        self.assertEqual(found.headline, "no regression: 1 improvement, 1 inconclusive, 1 no change")
        self.assertIn("inconclusive (too busy)", found.markdown())

    def test_slower_is(self):
        found = verdicts.Verdicts("a against b")
        found.add_times({"cases": [times("x/1", "regression")]})
        self.assertTrue(found.has_regression)
        self.assertIn("| x/1 | 100 ns | 110 ns | +10.0 % | +8.3 % to +11.6 % | **regression** |", found.markdown())

    def test_one_more_allocation_is_however_fast(self):
        found = verdicts.Verdicts("a against b")
        found.add_times({"cases": [times("x/1", "improvement", [{"metric": "malloc.calls", "old": 0, "new": 1}])]})
        self.assertTrue(found.has_regression)

    def test_exact_figures(self):
        found = verdicts.Verdicts("a against b")
        found.add_exact({"cases": [
            {"name": "x/1", "findings": [finding("malloc.calls", 0, 0, "no change"), finding("time", 1, 9, "regression", isWaived=True)]},
            {"name": "x/2", "findings": [finding("instructions.simulated", 1000, 1200, "regression")]},
            {"name": "x/3", "findings": [finding("instructions.simulated", 1000, None, "inconclusive", reason="no valgrind")]},
        ]})  # fmt: skip
        self.assertTrue(found.has_regression)
        text = found.markdown()
        self.assertIn("3 figures of 3 cases", text)
        self.assertIn("| x/2 | instructions.simulated | 1,000 | 1,200 | **regression** |", text)
        self.assertIn("| x/3 | instructions.simulated | 1,000 | n/a | inconclusive (no valgrind) |", text)
        self.assertNotIn("| time |", text)

    def test_allocations_against_thresholds(self):
        def case(name, metric):
            return {"name": name, "contenders": [{"samples": {"role": "kernel"}, "metrics": {"malloc.calls": metric}}]}

        limits = {"calls": 0, "exceptions": [{"case": "^plan/", "calls": 2, "why": "its result"}]}
        found = verdicts.Verdicts("x")
        found.add_allocations({"cases": [case("a/1", {"value": 0}), case("plan/1", {"value": 2})]}, limits)
        self.assertFalse(found.has_regression)
        found.add_allocations({"cases": [case("a/1", {"unavailable": "no glibc"})]}, limits)
        self.assertTrue(found.has_regression)
        self.assertIn("| a/1 | no glibc | 0 |", found.markdown())

    def test_nothing_was_compared(self):
        self.assertEqual(verdicts.Verdicts("x").headline, "nothing was compared")


if __name__ == "__main__":
    unittest.main()
