#!/usr/bin/env python3
"""Compares a compiled lexicon with Hunspell itself, word by word, whole words, the same .aff and .dic in both.

    tools/hunspell_verdicts.py --vermilion target/release/vermilion --language pt-BR WORDLIST...

Reads one word a line, adds as many mutated words (one random edit each, a fixed seed; --mutations limits them), asks
libhunspell (Debian: libhunspell-1.7-0) and `vermilion dictionary verdicts`, and prints the count, the differences and the
words per second of each side. Exit status 1 if more than one word in 10,000 differs.
"""

import argparse
import ctypes
import ctypes.util
import random
import subprocess
import sys
import time


def mutated(words, count, rng):
    letters = sorted({c for word in words[:20000] for c in word.lower() if c.isalpha()})
    for _ in range(count):
        word = list(rng.choice(words))
        place = rng.randrange(len(word))
        edit = rng.randrange(4)
        if edit == 0:
            word[place] = rng.choice(letters)
        elif edit == 1:
            word.insert(place, rng.choice(letters))
        elif edit == 2 and len(word) > 1:
            del word[place]
        elif place + 1 < len(word):
            word[place], word[place + 1] = word[place + 1], word[place]
        yield "".join(word)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--vermilion", default="target/release/vermilion")
    parser.add_argument("--language", required=True)
    parser.add_argument("--mutations", type=int, default=50000)
    parser.add_argument("--show", type=int, default=20, help="differences to print")
    parser.add_argument("lists", nargs="+")
    arguments = parser.parse_args()

    words = []
    for path in arguments.lists:
        raw = open(path, "rb").read()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("iso-8859-1")
        words += [line.strip() for line in text.splitlines() if line.strip()]
    words += list(mutated(words, arguments.mutations, random.Random(1)))
    words = list(dict.fromkeys(words))

    folder = f"dictionaries/{arguments.language}"
    library = ctypes.CDLL(ctypes.util.find_library("hunspell-1.7"))
    library.Hunspell_create.restype = ctypes.c_void_p
    library.Hunspell_spell.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    peer = library.Hunspell_create(f"{folder}/source/index.aff".encode(), f"{folder}/source/index.dic".encode())
    start = time.perf_counter()
    theirs = [library.Hunspell_spell(peer, word.encode()) != 0 for word in words]
    their_seconds = time.perf_counter() - start

    start = time.perf_counter()
    command = [arguments.vermilion, "dictionary", "verdicts", "--lexicon", f"{folder}/lexicon.bin"]
    answer = subprocess.run(command, input="\n".join(words) + "\n", capture_output=True, text=True, check=True).stdout
    our_seconds = time.perf_counter() - start
    ours = [line[0] == "+" for line in answer.splitlines()]
    assert len(ours) == len(words)

    differences = [(w, o, t) for w, o, t in zip(words, ours, theirs) if o != t]
    share = 100 * (1 - len(differences) / len(words))
    print(
        f"{arguments.language}: {len(words)} words, {len(differences)} differences, {share:.4f} % equal; "
        f"hunspell {len(words) / their_seconds:,.0f} words/s, vermilion {len(words) / our_seconds:,.0f} words/s with its start"
    )
    for word, our, their in differences[: arguments.show]:
        print(f"  {word}\tours {'right' if our else 'wrong'}, hunspell {'right' if their else 'wrong'}")
    sys.exit(len(differences) * 10000 > len(words))


if __name__ == "__main__":
    main()
