"""Writes src/wordpiece/classes.rs: how the teacher's tokenizer treats each character.

Asks the tokenizer itself, character by character, so that no table of another Unicode version can
disagree with it.

    python classes.py PYPI_FOLDER > ../src/wordpiece/classes.rs
"""

import sys

from teacher import Teacher

HEAD = '''//! Which characters the teacher's tokenizer passes over, and which it takes for punctuation.
//!
//! Written by `recipe/classes.py`, which asks the tokenizer; not to be edited by hand.

'''


def ranges(characters):
    """Returns first and last of each run of neighbours."""
    out = []
    for character in characters:
        if out and out[-1][1] == character - 1:
            out[-1][1] = character
        else:
            out.append([character, character])
    return out


def constant(name, says, characters):
    found = ranges(characters)
    numbers = ", ".join(f"0x{n:04x}" for pair in found for n in pair)
    print(f"/// {says}\npub(super) const {name}: [u32; {2 * len(found)}] = [{numbers}];\n")


def main(pypi):
    tokenizer = Teacher(pypi).tokenizer
    vanishing, punctuation = [], []
    for number in range(0x80, 0x110000):
        if 0xD800 <= number < 0xE000:
            continue
        framed = f"a{chr(number)}b"
        left = tokenizer.normalizer.normalize_str(framed)
        if left == "ab":
            vanishing.append(number)
        elif left == framed and len(tokenizer.pre_tokenizer.pre_tokenize_str(framed)) == 3:
            punctuation.append(number)
    print(HEAD, end="")
    constant("VANISHING", "Control, format and private characters, and accents: as if they were not there.", vanishing)
    constant("PUNCTUATION", "Each is a word of its own; ASCII has its own rule.", punctuation)


if __name__ == "__main__":
    main(*sys.argv[1:])
