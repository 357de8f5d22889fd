#!/usr/bin/env python3
"""Prints the digests of Tests/KernelsTests/Hashing/BLAKE3Examples.swift, by the official implementation (PyPI: blake3).

Byte i of a message is i % 251, so that chunks that change places show; the key is the bytes 0 ... 31.
"""

import blake3

LENGTHS = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 4096, 4097, 8192, 8193, 16384, 16385,
           31744, 65536, 102400, 262144, 262145, 600000]
CONTEXT = "example.com 2026-11-23 tests of key derivation"

for length in LENGTHS:
    message = bytes(i % 251 for i in range(length))
    digests = [
        blake3.blake3(message),
        blake3.blake3(message, key=bytes(range(32))),
        blake3.blake3(message, derive_key_context=CONTEXT),
    ]
    texts = ", ".join(f'"{digest.hexdigest(length=16)}"' for digest in digests)
    print(f"    .init({length}, {texts}),")
message = bytes(i % 251 for i in range(5000))
print("// output 1000 ..< 1064 of 5000 bytes:", blake3.blake3(message).digest(length=64, seek=1000).hex())
