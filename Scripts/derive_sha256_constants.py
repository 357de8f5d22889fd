#!/usr/bin/env python3
"""Prints the constants of SHA-256 as Sources/Kernels/Hashing/SHA256Portable.swift holds them.

FIPS 180-4, section 4.2.2: K is the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
Section 5.3.3: H(0) is the same of the square roots of the first 8 primes. Integer arithmetic throughout:
floor(root(p) * 2^32) is the largest x with x^n <= p * 2^(32 n).
"""


def primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def root_fraction(value, degree):
    scaled = value << (32 * degree)
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree <= scaled:
            low = middle
        else:
            high = middle
    return low & 0xFFFFFFFF


def table(title, degree, count):
    print(title)
    words = [f"0x{root_fraction(prime, degree):08x}" for prime in primes(count)]
    for start in range(0, count, 8):
        print("    " + ", ".join(words[start : start + 8]) + ",")


table("constants", 3, 64)
table("initialState", 2, 8)
