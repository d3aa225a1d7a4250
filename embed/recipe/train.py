"""Trains the table: the mean of a passage's rows shall point where the teacher's vector points.

Begins with what the teacher says of each piece alone, laid on the axes that matter most among the
passages, common pieces made light. Then Adam on two aims at once: the direction of each passage, and
how alike the passages of a batch are to one another. Only numpy, so each step can be read here.

    python train.py OUT_FOLDER
"""

import hashlib
import pathlib
import sys
import time

import numpy as np
from tokenizers import Tokenizer

from teacher import LONGEST_PIECES

SOURCES = ("corpus", "spoken")
# There is little that was spoken, and the table is asked for it most: each passage counts so often.
OFTEN = {"corpus": 1, "spoken": 4}
DIMENSIONS = 256
LIGHTNESS = 3e-3  # The a of a / (a + p): a piece of this frequency counts half.
RATE, ROUNDS, BATCH = 2e-3, 4, 512
ALIKE = 6.0  # The weight of the second aim against the first.
KEPT_BACK = 2000
BETA_1, BETA_2, TINY = 0.9, 0.999, 1e-8


def axes(vectors):
    """Returns the mean and the leading axes of the passages' vectors."""
    mean = vectors.mean(0)
    centred = (vectors - mean).astype(np.float64)
    values, columns = np.linalg.eigh(centred.T @ centred)
    leading = columns[:, np.argsort(-values)[:DIMENSIONS]]
    return mean, leading.astype(np.float32)


def frequencies(passages, count):
    seen = np.bincount(np.concatenate(passages), minlength=count) + 0.5
    return (seen / seen.sum()).astype(np.float32)


def unit(x):
    lengths = np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
    return x / lengths, lengths


def gathered(passages):
    """Returns the pieces of a batch one after another, and where each passage begins."""
    lengths = np.array([len(p) for p in passages])
    return np.concatenate(passages), np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths


def means(table, passages):
    pieces, begins, lengths = gathered(passages)
    return np.add.reduceat(table[pieces], begins) / lengths[:, None].astype(np.float32)


def gradient(mean_rows, wanted, teacher):
    """Returns the loss and its gradient by the mean of each passage's rows."""
    count = len(mean_rows)
    made, lengths = unit(mean_rows)
    off = made @ made.T - teacher @ teacher.T
    loss = (1 - (made * wanted).sum(1)).mean() + ALIKE * (off**2).mean()
    by_made = -wanted / count + (4 * ALIKE / count**2) * (off @ made)
    along = (by_made * made).sum(1, keepdims=True)
    return loss, (by_made - along * made) / lengths


class Adam:
    """Adam that moves only the rows of which a batch speaks."""

    def __init__(self, shape):
        self.first, self.second = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        self.steps = 0

    def step(self, table, rows, gradients, rate):
        self.steps += 1
        self.first[rows] += (1 - BETA_1) * (gradients - self.first[rows])
        self.second[rows] += (1 - BETA_2) * (gradients**2 - self.second[rows])
        rate *= np.sqrt(1 - BETA_2**self.steps) / (1 - BETA_1**self.steps)
        table[rows] -= np.float32(rate) * self.first[rows] / (np.sqrt(self.second[rows]) + np.float32(TINY))


def by_row(pieces, begins, lengths, by_mean):
    """Adds up what each row of the table is told by the passages it stands in."""
    told = np.repeat(by_mean / lengths[:, None].astype(np.float32), lengths, axis=0)
    order = np.argsort(pieces, kind="stable")
    rows, firsts = np.unique(pieces[order], return_index=True)
    return rows, np.add.reduceat(told[order], firsts)


def fidelity(table, passages, wanted, teacher):
    """Returns the mean cosine to the teacher, and how well likeness among passages agrees with it."""
    made, _ = unit(means(table, passages))
    upper = np.triu_indices(len(made), 1)
    ours, theirs = (made @ made.T)[upper], (teacher @ teacher.T)[upper]
    return round(float((made * wanted).sum(1).mean()), 4), round(float(np.corrcoef(ours, theirs)[0, 1]), 4)


def main(out):
    out, began = pathlib.Path(out), time.time()
    alone = np.load(out / "pieces.npy")
    taught = {name: np.load(out / f"{name}.npy").astype(np.float32) for name in SOURCES}
    texts = [t for name in SOURCES for t in (out / f"{name}.txt").read_text().splitlines()[: len(taught[name])]]
    often = [OFTEN[name] for name in SOURCES for _ in taught[name]]
    # The last are kept back to be asked later, so all sources must be among them.
    order = sorted(range(len(texts)), key=lambda i: hashlib.sha256(texts[i].encode()).digest())
    passages = pieces_of([texts[i] for i in order])
    teacher = np.concatenate([taught[name] for name in SOURCES])[order]
    usable = [i for i, p in enumerate(passages) if len(p) >= 2]
    known = len(usable) - KEPT_BACK
    repeated = [i for i in usable[:known] for _ in range(often[order[i]])]
    usable, known = repeated + usable[known:], len(repeated)
    passages, teacher = [passages[i] for i in usable], teacher[usable]
    mean, leading = axes(teacher)
    wanted, _ = unit((teacher - mean) @ leading)
    light = LIGHTNESS / (LIGHTNESS + frequencies(passages, len(alone)))
    table = ((alone - alone.mean(0)) @ leading) * light[:, None].astype(np.float32)
    table = (table / np.linalg.norm(table, axis=1).mean()).astype(np.float32)
    back = slice(known, None)
    print(known, "passages; untrained", fidelity(table, passages[back], wanted[back], teacher[back]), flush=True)
    adam, random, done, all_steps = Adam(table.shape), np.random.Generator(np.random.PCG64(1)), 0, ROUNDS * (known // BATCH)
    for round_ in range(ROUNDS):
        order = random.permutation(known)
        for first in range(0, known - BATCH + 1, BATCH):
            batch = order[first : first + BATCH]
            pieces, begins, lengths = gathered([passages[i] for i in batch])
            rows_mean = np.add.reduceat(table[pieces], begins) / lengths[:, None].astype(np.float32)
            _, by_mean = gradient(rows_mean, wanted[batch], teacher[batch])
            rows, gradients = by_row(pieces, begins, lengths, by_mean)
            adam.step(table, rows, gradients, RATE * (1 - done / all_steps))
            done += 1
        print(round_ + 1, round(time.time() - began), "s", fidelity(table, passages[back], wanted[back], teacher[back]), flush=True)
    np.save(out / "table.npy", table)
    print("sha256", hashlib.sha256(table.tobytes()).hexdigest())


def pieces_of(texts):
    """Returns what the teacher read of each text, without the words it lacks."""
    import os
    from teacher import Teacher

    teacher = Teacher(os.environ.get("PYPI_FOLDER", "inputs"))
    cut = [p[: LONGEST_PIECES - 2] for p in teacher.pieces(texts)]
    return [np.array([n for n in p if n != 100], np.int64) for p in cut]


if __name__ == "__main__":
    main(*sys.argv[1:])
