#!/usr/bin/env python3
"""Prints the constants of CRCs by folding as Sources/Kernels/Checksums/CRCPolynomials.swift holds them.

What they are is said in Sources/CKernels/checksums/crc_fold.h; the method is that of V. Gopal et al., "Fast CRC Computation
for Generic Polynomials Using PCLMULQDQ Instruction", Intel white paper, 2009. A polynomial here is an integer whose bit i is the
coefficient of x^i.
"""

# Without the leading term. IEEE 802.3 section 3.2.9; G. Castagnoli et al. (1993), as in RFC 3720 section 12.1;
# NVM Express NVM Command Set Specification 1.0, section 5.2.1.3.4 ("64b CRC").
POLYNOMIALS = {
    "CRC32": (32, 0x04C11DB7),
    "CRC32C": (32, 0x1EDC6F41),
    "CRC64NVME": (64, 0xAD93D23594C93659),
}


def divide(a, q):
    """Quotient and remainder."""
    quotient = 0
    while a.bit_length() >= q.bit_length():
        shift = a.bit_length() - q.bit_length()
        quotient |= 1 << shift
        a ^= q << shift
    return quotient, a


def reflected(a):
    assert a < 1 << 64
    return int(f"{a:064b}"[::-1], 2)


for name, (width, polynomial) in POLYNOMIALS.items():
    q = (1 << width | polynomial) << 64 - width
    words = [divide(1 << 128, q)[0] >> 1, q >> 1, (1 << 64) - 1 if q & 1 else 0, q & (1 << 64) - 1]
    for d in (1, 2, 4, 8, 16, 32):
        words += [divide(1 << 128 * d + 63, q)[1], divide(1 << 128 * d - 1, q)[1]]
    print(f"  // {name}")
    # The mask, all ones or none, is its own reflection.
    texts = [f"0x{reflected(word):016x}" for word in words]
    for start in range(0, len(texts), 4):
        print("    " + ", ".join(texts[start : start + 4]) + ",")
