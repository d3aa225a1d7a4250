"""Writes the table as the program reads it: sorted vocabulary, a scale for each row, one byte a number.

    python pack.py PYPI_FOLDER OUT_FOLDER
"""

import hashlib
import pathlib
import struct
import sys

import numpy as np

from teacher import Teacher

MAGIC = b"SEMB1\0\0\0"


def quantised(rows):
    """Returns whole numbers from -127 to 127 and what one of them is worth, row by row."""
    scales = np.maximum(np.abs(rows).max(1), 1e-9).astype("<f4") / np.float32(127)
    return np.rint(rows / scales[:, None]).clip(-127, 127).astype("i1"), scales


def packed(rows, vocabulary):
    numbers, scales = quantised(rows)
    # Marks such as [CLS] are no words; what stands in brackets of its own is the vocabulary's alone.
    words = {word.encode(): number for number, word in enumerate(vocabulary) if not (word[0] == "[" and word[-1] == "]" and len(word) > 1)}
    order = sorted(words)
    starts = np.cumsum([0] + [len(word) for word in order]).astype("<u4")
    head = MAGIC + struct.pack("<4I", *rows.shape, len(order), int(starts[-1]))
    places = np.array([words[word] for word in order], "<u4")
    return b"".join([head, starts.tobytes(), places.tobytes(), b"".join(order), scales.tobytes(), numbers.tobytes()])


def unpacked(path):
    """Reads a table back as float rows, in the order of the teacher's vocabulary."""
    raw = pathlib.Path(path).read_bytes()
    assert raw[:8] == MAGIC
    rows, dimensions, pieces, text = struct.unpack("<4I", raw[8:24])
    at = 24 + 4 * (2 * pieces + 1) + text
    scales = np.frombuffer(raw, "<f4", rows, at)
    numbers = np.frombuffer(raw, "i1", rows * dimensions, at + 4 * rows)
    return numbers.reshape(rows, dimensions).astype(np.float32) * scales[:, None]


def main(pypi, out):
    out = pathlib.Path(out)
    raw = packed(np.load(out / "table.npy"), Teacher(pypi).vocabulary)
    (out / "static_256.bin").write_bytes(raw)
    print(len(raw), "bytes, sha256", hashlib.sha256(raw).hexdigest())


if __name__ == "__main__":
    main(*sys.argv[1:])
