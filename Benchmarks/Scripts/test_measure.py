"""The measuring of the families in Python, by a job that needs no library."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Python"))
import measure
import results


def case(theirs, **more):
    return measure.Case(
        "sum", 1000, "1000", 1000.0, "G/s", ours=lambda: sum(range(1000)), rivals=[measure.Way("theirs 1", theirs, "1")],
        agree=lambda x, y: x == y, agreement="every bit", **more,
    )  # fmt: skip


class Family:
    def __init__(self, *cases):
        self.all = cases

    def cases(self, context):
        return iter(self.all)


class Measuring(unittest.TestCase):
    def setUp(self):
        self.context = measure.Context(inputs="", quick=True)

    def test_a_slower_way_is_slower_in_every_round(self):
        slow = case(lambda: [sum(range(1000)) for _ in range(8)][0])
        made = measure.measure(slow, self.context)
        kernel, peer = made["contenders"]
        self.assertEqual((kernel["samples"]["role"], peer["samples"]["role"]), ("kernel", "peer"))
        self.assertEqual(len(kernel["samples"]["nanoseconds"]), len(peer["samples"]["nanoseconds"]))
        self.assertGreaterEqual(len(kernel["samples"]["nanoseconds"]), 5)
        self.assertGreater(peer["metrics"]["kernel.ratio"]["value"], 3)
        ours, theirs = (c["samples"]["nanoseconds"] for c in made["contenders"])
        self.assertEqual(results.compare([(ours, theirs)])["verdict"], "ahead")

    def test_nothing_is_timed_where_results_differ(self):
        calls = []

        def wrong():
            calls.append(1)
            return 7

        with self.assertRaises(measure.Disagreement):
            measure.measure(case(wrong), self.context)
        self.assertEqual(len(calls), 1)

    def test_a_check_says_what_differs(self):
        def agree(x, y):
            raise measure.Disagreement("they differ by much")

        with self.assertRaisesRegex(measure.Disagreement, "sum/1000: theirs 1: they differ by much"):
            measure.measure(case(lambda: 499500, agree_with={"theirs 1": agree}), self.context)

    def test_those_that_are_absent_are_named(self):
        self.context.filter = "sum"
        absent = case(lambda: 499500, absent=[measure.Absent("other", "not importable; get it")])
        made = measure.run([Family(absent)], self.context, lambda _: None)
        self.assertEqual([peer["name"] for peer in made["peers"]], ["theirs 1", "other"])
        self.assertEqual(made["peers"][1]["absent"], "not importable; get it")
        self.context.filter = "nothing"
        self.assertEqual(measure.run([Family(absent)], self.context, lambda _: None)["cases"], [])

    def test_one_thread(self):
        self.assertEqual(os.environ["OMP_NUM_THREADS"], "1")


if __name__ == "__main__":
    unittest.main()
