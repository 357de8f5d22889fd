#!/usr/bin/env python3
"""Prints Sources/Kernels/JSON/JSONPowersOfFive.swift: 5^q to 128 bits for q in -342 ... 324.

D. Lemire, "Number Parsing at a Gigabyte per Second", Software: Practice and Experience 51, 2021, section 5: the 128 most
significant bits of 5^q, cut off where q >= 0; of the reciprocal, rounded up, where q < 0.
"""
print("// Printed by `Scripts/derive_powers_of_five.py`, which cites its source. Words 2 i and 2 i + 1: high and low half of 5^(i - 342).")
print()
print("extension JSONPowers {")
print("  static let words: [UInt64] = [")
for q in range(-342, 325):
    if q >= 0:
        power = 5**q
        bits = power.bit_length()
        value = power << (128 - bits) if bits <= 128 else power >> (bits - 128)
    else:
        power = 5**-q
        value = (1 << (power.bit_length() + 127)) // power + 1
        if value >> 128:
            value = (value >> 1) + 1 if value & 1 else value >> 1
    assert value >> 127 == 1
    print(f"    {value >> 64:#018x}, {value & (2**64 - 1):#018x},")
print("  ]")
print("}")
