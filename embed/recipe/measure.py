"""Measures tables beside their teacher, on texts that none of them was trained on.

A file of one column holds texts, and is asked how well likeness among them agrees with the teacher's.
In one of two columns, whose name begins with `label`, the first is a label: how many texts have one of
their own label for their nearest neighbour? In one whose name begins with `pair`, the second column
answers the first: at which place does it come among all answers?

    python measure.py PYPI_FOLDER TEXTS_FOLDER NAME=TABLE...
"""

import os
import pathlib
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from pack import unpacked
from teacher import Teacher

FOR_FIDELITY = 600
PIECES_READ = 4000


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def of_table(rows, passages):
    known = [[n for n in p[:PIECES_READ] if n != 100] for p in passages]
    return unit(np.array([rows[p].sum(0) if p else np.zeros(rows.shape[1]) for p in known], np.float32))


def fidelity(ours, theirs):
    upper = np.triu_indices(len(ours), 1)
    return round(float(np.corrcoef((ours @ ours.T)[upper], (theirs @ theirs.T)[upper])[0, 1]), 3)


def neighbours(vectors, labels):
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -2)
    labels = np.array(labels)
    return round(float((labels[alike.argmax(1)] == labels).mean()), 3)


def places(questions, answers):
    alike = questions @ answers.T
    right = np.diag(alike)[:, None]
    place = (alike > right).sum(1) + 1
    return {"any@1": round(float((place <= 1).mean()), 3), "any@10": round(float((place <= 10).mean()), 3),
            "mrr": round(float((1 / place).mean()), 3)}


def main(pypi, folder, *named):
    teacher = Teacher(pypi)
    tables = {name: unpacked(path) for name, path in (n.split("=", 1) for n in named)}
    for file in sorted(pathlib.Path(folder).iterdir()):
        columns = list(zip(*(line.split("\t") for line in file.read_text().splitlines())))
        pieces = [teacher.pieces([t[:2000] for t in column]) for column in columns]
        texts = pieces[-1][:FOR_FIDELITY]
        theirs = teacher.vectors(texts)
        for name, rows in tables.items():
            # What the teacher does not read, the table must not be asked for here either.
            row = {"fidelity": fidelity(of_table(rows, [t[:32] for t in texts]), theirs)}
            if file.name.startswith("label"):
                row["same label"] = neighbours(of_table(rows, pieces[1]), columns[0])
            if file.name.startswith("pair"):
                row |= places(*(of_table(rows, column) for column in pieces))
            print(f"{file.stem:<28} {len(columns[0]):>5} {name:<8} {row}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
