#!/usr/bin/env python3
"""Prints the constants of Keccak as Sources/Kernels/Hashing/KeccakPortable.swift holds them.

FIPS 202, section 3.2.5: bit 2^j - 1 of the constant of a round is the bit rc(j + 7 * round) of the register of algorithm 5.
Section 3.2.2: rotations are (t + 1)(t + 2) / 2 along the path of algorithm 2.
"""


def rc(t):
    register = 1
    for _ in range(t % 255):
        register <<= 1
        if register & 0x100:
            register ^= 0x171
    return register & 1


constants = [sum(rc(j + 7 * i) << ((1 << j) - 1) for j in range(7)) for i in range(24)]
texts = [f"0x{word:016x}" for word in constants]
for start in range(0, 24, 4):
    print("    " + ", ".join(texts[start : start + 4]) + ",")

x, y, rotations = 1, 0, {(0, 0): 0}
for t in range(24):
    rotations[x, y] = (t + 1) * (t + 2) // 2 % 64
    x, y = y, (2 * x + 3 * y) % 5
for y in range(5):
    print("    " + ", ".join(str(rotations[x, y]) for x in range(5)) + ",")
