#!/usr/bin/env python3
"""Prints the polynomials of the activations as Sources/CKernels/matrix/epilogue_panel.h and
Sources/Kernels/Matrix/EpilogueFunctions.swift hold them. Needs mpmath (pip install mpmath).

Each is the minimax polynomial, by Remez' exchange, of a function's relative error over an interval; its coefficients are then rounded
to single precision, and the error of what is left is printed beside them, in units of 2^-24.

  exp     (e^r - 1 - r) / r^2 over |r| <= ln(2) / 2, weighed by what it adds to e^r
  tail    (t + 4) e^(t^2/2) Phi(-t) in u = (t - 4) / (t + 4) over 0 <= t <= 16, Phi the normal distribution: bounded where both
          factors are not, after M. M. Shepherd, J. G. Laframboise, "Chebyshev Approximation of (1 + 2x) exp(x^2) erfc x in
          0 <= x < infinity", Mathematics of Computation 36(153), 1981

and the constants of the reductions: ln(2) in two parts, the first so short that its products with integers below 2^8 are exact, and
the factors of the tanh form of GELU (D. Hendrycks, K. Gimpel, arXiv:1606.08415) in two parts each.
"""

import struct

from mpmath import chebyt, erfc, exp, expm1, findroot, linspace, log, lu_solve, matrix, mp, mpf, pi, polyval, sqrt

mp.dps = 50


def single(x):
    """The nearest number of single precision."""
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


def remez(function, weight, degree, low, high):
    """Coefficients, constant first, of the polynomial with the least maximum of |weight (function - polynomial)|."""
    count = degree + 2
    nodes = [(low + high) / 2 - (high - low) / 2 * mp.cos(pi * i / (count - 1)) for i in range(count)]
    dense = linspace(low, high, 4000)
    for _ in range(20):
        system, right = matrix(count, count), matrix(count, 1)
        for i, x in enumerate(nodes):
            for power in range(degree + 1):
                system[i, power] = x**power
            system[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = function(x)
        solution = list(lu_solve(system, right))
        polynomial, level = solution[:-1], abs(solution[-1])
        errors = [weight(x) * (function(x) - polyval(polynomial[::-1], x)) for x in dense]
        # The largest error of each sign run is a new node.
        peaks, best = [], 0
        for i in range(1, len(dense)):
            if errors[i] * errors[best] < 0:
                peaks.append(best)
                best = i
            elif abs(errors[i]) > abs(errors[best]):
                best = i
        peaks.append(best)
        assert len(peaks) >= count, "the exchange lost a node"
        while len(peaks) > count:
            peaks.pop(0 if abs(errors[peaks[0]]) < abs(errors[peaks[-1]]) else -1)
        nodes = [dense[i] for i in peaks]
        if max(abs(e) for e in errors) < level * mpf("1.001"):
            break
    return polynomial


def show(name, polynomial, function, weight, low, high):
    rounded = [single(c) for c in polynomial]
    error = max(abs(weight(x) * (function(x) - polyval(rounded[::-1], x))) for x in linspace(low, high, 4000))
    print(f"{name}: relative error {float(error * 2**24):.3f} * 2^-24, constant term first")
    for c in rounded:
        print(f"    {float(c).hex()}")


def parts(name, value, bits=24):
    scale = mpf(2) ** (bits - 1 - mp.floor(log(abs(value), 2)))
    first = mp.nint(value * scale) / scale
    print(f"{name}: {float(single(first)).hex()} + {float(single(value - first)).hex()}")


half = log(2) / 2
quotient = lambda r: (expm1(r) - r) / r**2 if abs(r) > mpf(10) ** -12 else mpf(1) / 2 + r / 6
weight = lambda r: r**2 / exp(r) if r else mpf(10) ** -30
# A weight of zero at r = 0 has no place in the exchange: there the error is nothing.
show("exp", remez(quotient, lambda r: weight(r) + mpf(2) ** -12, 4, -half, half), quotient, weight, -half, half)

place = lambda u: 4 * (1 + u) / (1 - u)
tail = lambda u: (place(u) + 4) * exp(place(u) ** 2 / 2) * erfc(place(u) / sqrt(2)) / 2
relative = lambda u: 1 / tail(u)
low, high = mpf(-1), mpf(12) / 20
show("tail", remez(tail, relative, 10, low, high), tail, relative, low, high)

print(f"log2(e): {float(single(1 / log(2))).hex()}")
parts("ln(2)", log(2), bits=16)
parts("2 sqrt(2 / pi)", 2 * sqrt(2 / pi))
parts("2 sqrt(2 / pi) 0.044715", 2 * sqrt(2 / pi) * mpf("0.044715"))
