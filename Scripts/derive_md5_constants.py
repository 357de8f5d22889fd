#!/usr/bin/env python3
"""Prints the constants of MD5 as Sources/Kernels/Hashing/MD5Portable.swift holds them.

RFC 1321, section 3.4: T[i] is the integer part of 2^32 |sin(i)|, i from 1 to 64. A double has 53 bits of the sine; none of
the 64 products is so near to an integer that its error counts.
"""

import math

products = [2**32 * abs(math.sin(i)) for i in range(1, 65)]
assert all(min(product % 1, 1 - product % 1) > 2**-16 for product in products)
texts = [f"0x{int(product):08x}" for product in products]
for start in range(0, 64, 8):
    print("    " + ", ".join(texts[start : start + 8]) + ",")
