#!/usr/bin/env python3
"""Prints the constants of SHA-2 as Sources/Kernels/Hashing holds them.

FIPS 180-4, sections 4.2.2 and 4.2.3: K is the first 32 (64) bits of the fractional parts of the cube roots of the first
64 (80) primes. Section 5.3: initial states are the same of the square roots of the first 8 primes, or of the 9th to the
16th for SHA-384 and, the second 32 bits of them, for SHA-224; that of SHA-512/256 is the digest that SHA-512 gives of its
name from a state of its own. Integer arithmetic throughout: floor(root(p) * 2^b) is the largest x with x^n <= p * 2^(b n).
"""

MASK = (1 << 64) - 1


def primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def root_fraction(value, degree, bits):
    scaled = value << (bits * degree)
    low, high = 0, 1 << (bits + 8)
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree <= scaled:
            low = middle
        else:
            high = middle
    return low & ((1 << bits) - 1)


def rotate(x, n):
    return (x >> n | x << (64 - n)) & MASK


def sha512_of_one_block(state, message):
    """FIPS 180-4 section 6.4 for a message of less than 112 bytes."""
    block = (message + b"\x80").ljust(112, b"\0") + (8 * len(message)).to_bytes(16, "big")
    w = [int.from_bytes(block[i : i + 8], "big") for i in range(0, 128, 8)]
    for t in range(16, 80):
        s0 = rotate(w[t - 15], 1) ^ rotate(w[t - 15], 8) ^ w[t - 15] >> 7
        s1 = rotate(w[t - 2], 19) ^ rotate(w[t - 2], 61) ^ w[t - 2] >> 6
        w.append((s1 + w[t - 7] + s0 + w[t - 16]) & MASK)
    a, b, c, d, e, f, g, h = state
    for k, word in zip(K512, w):
        t1 = h + (rotate(e, 14) ^ rotate(e, 18) ^ rotate(e, 41)) + (e & f ^ ~e & g) + k + word
        t2 = (rotate(a, 28) ^ rotate(a, 34) ^ rotate(a, 39)) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & MASK, a, b, c, (d + t1) & MASK, e, f, g
    return [(x + y) & MASK for x, y in zip(state, (a, b, c, d, e, f, g, h))]


def table(title, words, bits):
    print(title)
    across = 256 // bits
    texts = [f"0x{word:0{bits // 4}x}" for word in words]
    for start in range(0, len(texts), across):
        print("    " + ", ".join(texts[start : start + across]) + ",")


first, second = primes(16)[:8], primes(16)[8:]
K512 = [root_fraction(prime, 3, 64) for prime in primes(80)]
sha512 = [root_fraction(prime, 2, 64) for prime in first]
sha384 = [root_fraction(prime, 2, 64) for prime in second]
sha512_256 = sha512_of_one_block([word ^ 0xA5A5A5A5A5A5A5A5 for word in sha512], b"SHA-512/256")

table("SHA-256, K", [root_fraction(prime, 3, 32) for prime in primes(64)], 32)
table("SHA-256, initial state", [root_fraction(prime, 2, 32) for prime in first], 32)
table("SHA-224, initial state", [word & 0xFFFFFFFF for word in sha384], 32)
table("SHA-512, K", K512, 64)
table("SHA-512, initial state", sha512, 64)
table("SHA-384, initial state", sha384, 64)
table("SHA-512/256, initial state", sha512_256, 64)
