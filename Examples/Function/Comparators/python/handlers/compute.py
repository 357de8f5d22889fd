import base64

import numpy as np

INPUTS, HIDDEN, OUTPUTS = 256, 256, 64


def weights(count):
    global state
    values = []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append((state >> 25) - 64)
    return values


state = 1
FIRST = np.array(weights(INPUTS * HIDDEN), np.float32).reshape(INPUTS, HIDDEN) / 64
# Sums of bytes stay below 2^24, so that the product of single precision is exact: it is NumPy's fast one.
SECOND = np.array(weights(HIDDEN * OUTPUTS), np.float32).reshape(HIDDEN, OUTPUTS)


def handle(event):
    features = np.frombuffer(base64.b64decode(event["features"], validate=True), np.float32).reshape(-1, INPUTS)
    middle = np.maximum(features @ FIRST, 0)
    quantised = np.minimum(np.rint(np.minimum(middle / 16, 255)), 255)
    scores = (quantised @ SECOND) * np.float32(0.25)
    return {
        "scores": base64.b64encode(scores.astype(np.float32).tobytes()).decode(),
        "classes": scores.argmax(axis=1).tolist(),
    }
