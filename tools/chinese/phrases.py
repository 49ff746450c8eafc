"""Counts short strings of characters in large texts and packs them as crates/engine/src/spelling/chinese/phrases.rs reads them.

    phrases.py --out phrases.bin [--fold 0/5] [--least 3,4,5] TEXT...

Lines whose number modulo N is K (--fold K/N) are left out, so that the verifier can be trained on text that was not counted.
--least are the least counts of strings of two, three and four characters; what a text has but once is not counted. Needs numpy and
2 GB of memory for a text of 50 million characters.
"""

import argparse
import os
import struct

import numpy

FINGERPRINT = 0xFFF


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--fold", default="0/5")
    parser.add_argument("--cache", help="a folder for the counts of each text, so that each is counted once for several tables")
    parser.add_argument("--least", default="3,4,5")
    parser.add_argument("--bits", type=int, default=18, help="of the number of buckets")
    parser.add_argument("texts", nargs="+")
    return parser.parse_args()


def characters(path, fold):
    remainder, folds = map(int, fold.split("/"))
    with open(path, encoding="utf-8") as file:
        text = "\n".join(line.strip() for number, line in enumerate(file) if number % folds != remainder)
    return numpy.frombuffer(text.encode("utf-32-le"), dtype="<u4")


def strings(text, length, least):
    """Strings that consist of Han characters only, as numbers, with their counts."""
    han = (text >= 0x4E00) & (text <= 0x9FFF)
    size = len(text) - length + 1
    keys, inside = numpy.zeros(size, numpy.uint64), numpy.ones(size, bool)
    for offset in range(length):
        keys = (keys << numpy.uint64(16)) | text[offset : size + offset].astype(numpy.uint64)
        inside &= han[offset : size + offset]
    keys, counts = numpy.unique(keys[inside], return_counts=True)
    return keys[counts >= least], counts[counts >= least]


def mix(keys):
    """The finaliser of SplitMix64."""
    keys = (keys ^ (keys >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> numpy.uint64(31))


def pack(keys, counts, bits):
    hashes = mix(keys)
    weights = numpy.clip(numpy.round(numpy.log2(counts)), 1, 15).astype(numpy.uint16)
    buckets = (hashes >> numpy.uint64(64 - bits)).astype(numpy.int64)
    entries = ((hashes & numpy.uint64(FINGERPRINT)).astype(numpy.uint16) << numpy.uint16(4)) | weights
    # The heaviest of equal fingerprints comes first.
    order = numpy.lexsort((-entries.astype(numpy.int64), buckets))
    first = numpy.searchsorted(buckets[order], numpy.arange((1 << bits) + 1)).astype("<u4")
    return b"VZPH" + struct.pack("<HH", 1, bits) + first.tobytes() + entries[order].astype("<u2").tobytes()


def merge(parts, least):
    """The sums of the counts of several texts."""
    keys, index = numpy.unique(numpy.concatenate([keys for keys, _ in parts]), return_inverse=True)
    counts = numpy.bincount(index, numpy.concatenate([counts for _, counts in parts])).astype(numpy.int64)
    return keys[counts >= least], counts[counts >= least]


def counted(path, fold, cache):
    """The strings of two, three and four characters of a text."""
    kept = cache and os.path.join(cache, f"{os.path.basename(path)}.{fold.replace('/', '-')}.npz")
    if kept and os.path.exists(kept):
        arrays = numpy.load(kept)
        return [(arrays[f"keys{length}"], arrays[f"counts{length}"]) for length in (2, 3, 4)]
    text = characters(path, fold)
    found = [strings(text, length, 2) for length in (2, 3, 4)]
    if kept:
        columns = {f"keys{length}": keys for length, (keys, _) in zip((2, 3, 4), found)}
        numpy.savez(kept, **columns, **{f"counts{length}": counts for length, (_, counts) in zip((2, 3, 4), found)})
    return found


def main():
    options = arguments()
    texts = [counted(path, options.fold, options.cache) for path in options.texts]
    found = []
    for at, least in enumerate(map(int, options.least.split(","))):
        found.append(merge([text[at] for text in texts], least))
    packed = pack(numpy.concatenate([keys for keys, _ in found]), numpy.concatenate([counts for _, counts in found]), options.bits)
    with open(options.out, "wb") as file:
        file.write(packed)
    print(f"{options.out}: {[len(keys) for keys, _ in found]} strings, {len(packed)} bytes")


if __name__ == "__main__":
    main()
