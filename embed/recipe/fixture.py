"""Writes ../tests/data/pieces.jsonl: texts with the pieces and the vector that they must come to.

The pieces come from the `tokenizers` package, the vector from the packed table by way of numpy: both
know nothing of the code that is tested. Every text was made up for this file.

    python fixture.py PYPI_FOLDER TABLE > ../tests/data/pieces.jsonl
"""

import hashlib
import json
import sys

import numpy as np
from tokenizers import Tokenizer

from pack import unpacked
from teacher import Teacher

PLAIN = """run the tests before you commit
never push to main, open a pull request instead
The build fails because OPENSSL_DIR is not set.
Use pnpm, never npm.
How do I fix the "database is locked" error?
I told you twice: don't touch the generated files!
We decided to keep one queue per tenant; see the note of 2026-03-02.
A second worker must not claim the same job
it works on my machine
Why is CI red again?
Prefer `thiserror` in libraries and `anyhow` in binaries.
Undo that, please, and leave the migration alone.
The token expired 15 minutes ago (401 Unauthorized)
flaky: passes alone, fails in the whole suite
Antidisestablishmentarianism, floccinaucinihilipilification and pneumonoultramicroscopicsilicovolcanoconiosis
internationalisation i18n l10n k8s a11y
1,000,000 rows in 3.14 s, 99.9 % of them < 1e-3
version 0.43.1-rc.2+build.7
e4f9c2a1 deadbeef 0xCAFEBABE 0b1010 1_000u64
ALL CAPS AND mIxEd cAsE
ends with a hyphen- and -begins with one
snake_case kebab-case camelCase PascalCase SCREAMING_SNAKE
don't can't won't it's o'clock rock'n'roll
wait... what?! (really)
"quoted" 'single' `ticks` «guillemets» „low“ “high”
a b c d e f g
x
.
!!!
-- -- --
tab\tseparated\tvalues
line one\nline two\r\nline three
  leading and trailing  """.split("\n")

CODE = """fn main() { println!("{}", 1 + 2); }
let x: Vec<Option<&'static str>> = vec![None; 3];
if err != nil { return fmt.Errorf("open %s: %w", path, err) }
const f = async ({ a, b = 2 }) => (await g(a))?.c ?? b;
SELECT id, count(*) FROM memories WHERE scope = $1 GROUP BY id HAVING count(*) > 5;
def embed(self, texts: list[str]) -> np.ndarray: ...
#include <stdio.h>
public static void main(String[] args) throws IOException {
cargo nextest run -p store --no-fail-fast 2>&1 | tail -n 40
git rebase -i HEAD~3 && git push --force-with-lease origin feature/x
docker run --rm -it -v "$PWD":/src -p 8080:80 nginx:1.27-alpine
grep -rnE 'TODO|FIXME' --include='*.rs' src/ | wc -l
export PATH="$HOME/.cargo/bin:$PATH"
curl -sSL https://example.org/v1/items?limit=10&after=abc#top
kubectl -n prod rollout restart deploy/api
error[E0502]: cannot borrow `*self` as mutable because it is also borrowed as immutable
thread 'main' panicked at src/lib.rs:42:13: index out of bounds: the len is 3 but the index is 3
Traceback (most recent call last): File "a.py", line 3, in <module>
TypeError: Cannot read properties of undefined (reading 'map')
ENOENT: no such file or directory, open '/etc/app/config.yaml'
panic: runtime error: invalid memory address or nil pointer dereference [signal SIGSEGV]
npm ERR! code ERESOLVE
FATAL: password authentication failed for user "postgres"
fatal: refusing to merge unrelated histories
src/commands/ingest.rs
./node_modules/.bin/eslint --fix
C:\\Users\\me\\AppData\\Local\\Temp\\x.log
~/.config/nvim/init.lua
/usr/local/lib/python3.11/site-packages/numpy/__init__.py
../../packages/web/src/components/Button.test.tsx
crates/store/migrations/0007_links.sql
Makefile:12: *** missing separator.  Stop.
<div class="row" data-id='7'>&nbsp;text</div>
{"type":"user","uuid":"6113e919-67d3-417b-b525-c63700228d19","n":null}
---\\nname: x\\non: [push]\\n
@decorator(arg=1)
a[i] += b[j] * c[k] ** 2 // 3 % 5
!= == <= >= => -> :: .. ..= && || ?? ?. <<= >>>
\\u00e9 \\x1b[31mred\\x1b[0m
[CLS] and [SEP] and [MASK] and [UNK] and [PAD] as a person may type them
[unused1] [ unused2 ] ##ing ## # #hash
$HOME ${VAR:-default} $(cmd) `cmd` %APPDATA%
user@example.org https://user:pw@host:5432/db?sslmode=require
10.0.0.1:8080 ::1 fe80::1%eth0 00:1a:2b:3c:4d:5e""".split("\n")

SCRIPTS = """Crème brûlée à la carte, naïve façade, Ångström, piñata
Zażółć gęślą jaźń
Příliš žluťoučký kůň úpěl ďábelské ódy
Đường về quê hương, tiếng Việt có dấu
İstanbul'da ılık bir gün, IĞDIR
Straße, GROẞ, Fußgänger, ﬁne ﬂow
Þetta er íslenska, æ ø å Ø Ł ł
ΑΒΓ αβγ Οδυσσέας ὀδός ᾳ ΐ
Съешь ещё этих мягких булок, ЙОД, Ґанок
Ѐ Ѝ ѐ ѝ й ё
שָׁלוֹם עולם
السَّلامُ عَلَيْكُمْ لا إله
فارسی را پاس بداریم، ۱۲۳
नमस्ते दुनिया क़ ख़ ग़
বাংলা ভাষা ড় ঢ়
தமிழ் மொழி
ภาษาไทยไม่มีช่องว่าง
မြန်မာဘာသာ
ខ្មែរ
ქართული ენა ᲐᲑᲒ
Հայերեն լեզու և
አማርኛ
བོད་སྐད།
修复数据库锁定错误
请不要直接推送到main分支,先开PR。
繁體中文與简体中文
日本語のテストが失敗した(再試行)
カタカナ ひらがな ガギグ パピプ が ぱ ﾊﾝｶｸ
한국어 형태소 분석 테스트
ᄒ ᅡ ᆫ 한 한
𠀀𠀁 㐀㐁 豈更 乁
全角ＡＢＣ１２３！？
①②③ ½ ¾ ² ³ ™ © ® ° µ ª º
€ £ ¥ ₿ ¢ ₹
← → ↑ ↓ ⇒ ∀ ∃ ∈ ≤ ≥ ≠ ≈ ∞ √ ∑ ∫
─│┌┐└┘├┤ ▀▄█ ✓ ✔ ✗ ✘ ★ ☆
en – em — bar ― dots … bullet • middle · per ‰ dagger †
‘a’ “b” ‚c‛ „d‟ ‹e› «f» 〈g〉「h」『i』【j】〔k〕
¡hola! ¿qué? § ¶ ¦ ¬ ¯ ´ ¨ ¸ × ÷
ʻokina ʼ ˈstress ː length ə ʃ ŋ""".split("\n")

EMOJI = """done 🎉
🦀
ship it 🚀🚀🚀 now
👩‍💻 family 👨‍👩‍👧‍👦 ok
👍🏽 skin tone
🇩🇪🇯🇵 flags
❤️ heart with selector, ❤ without
it is red🔥hot
✅ passed ❌ failed ⚠️ warning
(╯°□°)╯︵ ┻━┻
¯\\_(ツ)_/¯
:) ;-) :D <3
🫠🥹🪿 newer ones
1️⃣ 2️⃣ #️⃣""".split("\n")


def odd():
    """Yields what a transcript should not hold, and does."""
    yield from ["", " ", "\n", "\t\r\n ", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u0000", "\u0301"]
    for number in [*range(0x00, 0x20), 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD]:
        yield f"left{chr(number)}right"
    for number in (0x1680, 0x180E, 0x2000, 0x2007, 0x200B, 0x200D, 0x200E, 0x2028, 0x2029, 0x202E, 0x202F,
                   0x205F, 0x2060, 0x2066, 0x3000, 0xE000, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE,
                   0xFFFF, 0x110BD, 0xE0001, 0xE0041, 0xF0000, 0x10FFFD, 0x10FFFF, 0x0378, 0x1F9FF, 0x1FAE0):
        yield f"left{chr(number)}right {chr(number)}"
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B81F),
                        (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)):
        for number in (first - 1, first, last, last + 1):
            yield f"left{chr(number)}right"
    for length in (16, 99, 100, 101, 200):
        yield "x" * length
        yield "é" * length
        yield "word " + "ab" * (length // 2) + " end"
    yield "/".join(["segment"] * 40)
    yield "a" * 3000
    yield "e" + "\u0301" * 120 + " stacked"
    yield "\u1fef \u037e \u0387 \u2126 \u212a \u212b"
    yield "\u0958\u09dc\u0a33 \ufb1d \ufb4b \U0001d15e"
    yield "ŉ ǰ ΐ ẖ ﬀ İ K Å ẞ ǅ"


def drawn(count, from_, to):
    """Yields strings of characters drawn by a hash, so that no library's random numbers matter."""
    for number in range(count):
        stream = hashlib.sha512(f"{from_}-{to}-{number}".encode()).digest()
        out = []
        for place in range(0, 48, 3):
            draw = int.from_bytes(stream[place : place + 3], "big")
            if draw % 5 == 0:
                out.append(" aeio,"[draw // 5 % 6])
                continue
            character = from_ + draw % (to - from_)
            out.append("?" if 0xD800 <= character < 0xE000 else chr(character))
        yield "".join(out)


def texts():
    yield from PLAIN + CODE + SCRIPTS + EMOJI
    yield from odd()
    for count, from_, to in ((12, 0x20, 0x7F), (12, 0x80, 0x250), (16, 0x250, 0x2000), (16, 0x2000, 0x3400),
                             (8, 0x3400, 0xD800), (16, 0xF900, 0x10000), (16, 0x10000, 0x20000), (8, 0x1F000, 0x1FB00),
                             (8, 0x20000, 0x30000), (8, 0xAC00, 0xD7A4)):
        yield from drawn(count, from_, to)


def main(pypi, table):
    whole = Teacher(pypi).tokenizer
    # The same tokenizer without its marks: a person who types [CLS] means five characters.
    bare = Tokenizer(whole.model)
    bare.normalizer, bare.pre_tokenizer = whole.normalizer, whole.pre_tokenizer
    rows = unpacked(table)
    for text in dict.fromkeys(texts()):
        ids = [number for number in bare.encode(text, add_special_tokens=False).ids if number != 100]
        sum_ = rows[ids].astype(np.float64).sum(0)
        length = np.linalg.norm(sum_)
        some = [round(float(n), 5) for n in (sum_ / length)[::51]] if ids and length else None
        print(json.dumps({"text": text, "pieces": ids, "every_51st": some}, ensure_ascii=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
