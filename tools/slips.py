#!/usr/bin/env python3
"""Writes dictionaries/{en,pt}/slips.tsv: rare words of the lexicons that are one slip from a far more frequent word, and so
nearly always are that slip. A frequency test over every single edit of every frequent word; the lists of words that are right
all the same are at the end.

    tools/slips.py path/to/vermilion

Inputs: the frequencies and the compiled lexicons of dictionaries/. About a minute. Knows no text.
"""

import pathlib
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent / "dictionaries"
LANGUAGES = {"en": ("en-US", "en-GB"), "pt": ("pt-BR", "pt-PT")}
LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "pt": "abcdefghijklmnopqrstuvwxyzáâãéêíóôõúç"}
# What the frequency list lacks counts as one in 10^8 (hundredths of the Zipf scale).
UNLISTED = 100
# How much more frequent the other word must be, by the kind of slip: a letter omitted (of two equal ones), doubled, swapped,
# one too many beside its neighbour on the keyboard, replaced by such a neighbour, a vowel for a vowel, any replaced, any
# one too many. The likelier the slip, the less.
RATIO = {
    "en": {"omitted": 270, "double": 260, "doubled": 260, "swapped": 280, "near": 310, "neighbour": 330, "vowel": 330,
           "replaced": 390, "extra": 400},
    "pt": {"omitted": 255, "double": 250, "doubled": 250, "swapped": 300, "near": 260, "neighbour": 285, "vowel": 310,
           "replaced": 330, "extra": 350},
}
LEAST_FREQUENT = {"en": 380, "pt": 360}
# Short words are near many others by chance; first letters are mistaken less often.
SHORT = {3: 70, 4: 40, 5: 15}
FIRST_LETTER = 40
LISTED = 30
ONE_LEXICON = 15
# An inflected form is as right as its base, if that is so frequent; less frequent where both varieties have the form.
BASE = {"en": 330, "pt": 320}
SHARED_BASE = 230
VOWELS = set("aeiouy")
ROWS = (("1234567890", 0), ("qwertyuiop", 2), ("asdfghjklç", 3), ("zxcvbnm", 5))
KEYS = {key: (row, at * 4 + shift) for row, (keys, shift) in enumerate(ROWS) for at, key in enumerate(keys)}
VERB_ENDINGS = {
    "ar": "ar o a as amos ais am e es emos eis em ei aste ou astes aram ava avas ávamos áveis avam ara aras áramos áreis "
    "arei arás ará aremos areis arão aria arias aríamos aríeis ariam asse asses ássemos ásseis assem ares armos ardes "
    "arem ado ada ados adas ando".split(),
    "er": "er o a as amos ais am e es emos eis em i este eu estes eram ia ias íamos íeis iam era eras êramos êreis erei erás "
    "erá eremos ereis erão eria erias eríamos eríeis eriam esse esses êssemos êsseis essem eres ermos erdes erem ido ida "
    "idos idas endo".split(),
    "ir": "ir o a as amos ais am e es imos is em i iste iu istes iram ia ias íamos íeis iam ira iras íramos íreis irei irás "
    "irá iremos ireis irão iria irias iríamos iríeis iriam isse isses íssemos ísseis issem ires irmos irdes irem ido ida "
    "idos idas indo".split(),
}
NOMINAL = (("s", ""), ("es", ""), ("a", "o"), ("as", "o"), ("ns", "m"), ("is", "l"), ("ões", "ão"))
# The same sound before another vowel.
SPELLINGS = (("qu", "c"), ("gu", "g"), ("c", "ç"), ("j", "g"), ("ç", "c"), ("g", "gu"))
ENGLISH = (("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""),
           ("ers", "e"), ("ly", ""), ("ies", "y"), ("ied", "y"), ("y", ""), ("ness", ""))


def bare(word):
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def adjacent(one, other):
    one, other = (c if c == "ç" else bare(c) for c in (one, other))
    if one == other or one not in KEYS or other not in KEYS:
        return False
    (row, column), (other_row, other_column) = KEYS[one], KEYS[other]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 4


def slips(word, letters):
    """Every word one edit away, with the kind of the edit and its place."""
    for at, letter in enumerate(word):
        twice = letter in (word[at - 1 : at], word[at + 1 : at + 2])
        yield word[:at] + word[at + 1 :], "double" if twice else "omitted", at
        if word[at + 1 : at + 2] not in ("", letter):
            yield word[:at] + word[at + 1] + letter + word[at + 2 :], "swapped", at
        for other in letters:
            if bare(other) != bare(letter):
                vowels = bare(other) in VOWELS and bare(letter) in VOWELS
                kind = "neighbour" if adjacent(other, letter) else "vowel" if vowels else "replaced"
                yield word[:at] + other + word[at + 1 :], kind, at
    for at in range(len(word) + 1):
        around = [c for c in (word[at - 1 : at], word[at : at + 1]) if c]
        for other in letters:
            near = any(adjacent(c, other) for c in around)
            yield word[:at] + other + word[at:], "doubled" if other in around else "near" if near else "extra", at


def is_inflected(language, form, shared, frequencies, curated):
    """Whether a form is a regular one of a base that is frequent enough, or in a dictionary made by hand."""
    least = SHARED_BASE if shared else BASE[language]
    known = lambda base: base != form and (frequencies.get(base, 0) >= least or base in curated)
    if language == "en":
        stems = [(form[: -len(end)], add) for end, add in ENGLISH if form.endswith(end) and len(form) - len(end) > 2]
        return any(known(stem + add) or (stem[-1] == stem[-2] and known(stem[:-1])) for stem, add in stems)
    for infinitive, endings in VERB_ENDINGS.items():
        for end in endings:
            if form.endswith(end) and len(form) - len(end) > 1 and end not in ("ai", "ei", "ais", "eis", "is"):
                stem = form[: -len(end)]
                stems = [stem] + [stem[: -len(soft)] + hard for soft, hard in SPELLINGS if stem.endswith(soft)]
                if any(known(stem + infinitive) for stem in stems):
                    return True
    bases = [form[: -len(end)] + add for end, add in NOMINAL if form.endswith(end) and len(form) - len(end) > 1]
    return any(known(base) for base in bases)


def main():
    program = sys.argv[1]

    def accepted(tag, words):
        command = [program, "dictionary", "verdicts", "--lexicon", str(ROOT / tag / "lexicon.bin")]
        verdicts = subprocess.run(command, input="\n".join(words) + "\n", text=True, capture_output=True, check=True)
        return {word for word, verdict in zip(words, verdicts.stdout.splitlines()) if verdict.startswith("+")}

    for language, tags in LANGUAGES.items():
        # The dictionary of Portugal is small and made by hand: an entry of its own is a word, and so are its forms.
        entries = (ROOT / "pt-PT/source/index.dic").read_text().split("\n") if language == "pt" else []
        curated = {entry.split("/")[0].split("\t")[0].strip() for entry in entries}
        lines = (ROOT / language / "frequencies.tsv").read_text().splitlines()
        frequencies = {word: int(count) for word, count in (line.split("\t") for line in lines if line[0] != "#")}
        frequent = [w for w, f in frequencies.items() if f >= LEAST_FREQUENT[language] and w.isalpha() and len(w) > 2]
        frequent = sorted(set.intersection(*(accepted(tag, frequent) for tag in tags)))
        best = {}
        for word in frequent:
            for form, kind, at in slips(word, LETTERS[language]):
                ratio = frequencies[word] - frequencies.get(form, UNLISTED)
                if len(form) > 2 and ratio > 230 and bare(form) != bare(word) and ratio > best.get(form, ("", 0))[1]:
                    best[form] = (word, ratio, kind, at)
        forms = list(best)
        lexicons = [accepted(tag, forms) for tag in tags]
        right = set(RIGHT[language].split()) | curated
        found = dict(line.replace("_", " ").split(">") for line in EXTRA[language].split())
        for form, (word, ratio, kind, at) in best.items():
            holders = sum(form in lexicon for lexicon in lexicons)
            listed = frequencies.get(form, UNLISTED)
            least = RATIO[language][kind] + SHORT.get(len(form), 0) + (LISTED if listed > 200 else 0)
            least += FIRST_LETTER if at == 0 and kind not in ("omitted", "swapped") else 0
            least -= ONE_LEXICON if language == "pt" and holders == 1 and listed <= 130 else 0
            if not holders or ratio < least or form in right:
                continue
            if not is_inflected(language, form, holders > 1, frequencies, curated):
                found[form] = word
        header = "# Rare words that nearly always are a slip of a frequent one. By tools/slips.py; see SOURCES.md.\n"
        table = "".join(f"{form}\t{word}\n" for form, word in sorted(found.items()))
        (ROOT / language / "slips.tsv").write_text(header + table)
        print(language, len(found))


# Right all the same: words of the trade, of finance, of dress and food, -ise verbs of British English.
RIGHT = {
    "en": "thee moire applier appliers valuate valuated bettor drays driers sett styli stolon resole resoled retie retied pone "
    "elver chancre chancres injurer mullion navvy minuets manege regnant theorises memorises factorise windrow windrows therm "
    "therms prier rewords woks righto pries reflated desalt conducing scrams minsters locution locutions adaption factorises "
    "compered descries descried diked regrading senors tankful snogs snots sough stropped stdio rived kilned calved chunter "
    "stoppled puttying sporing rifer resat resits versos umber ravels educe educes educed educing addend dearths ailed appal appals "
    "peculation unctions shpt",
    "pt": "federar federa parear pareando pareou pareado pareada premida premidas premido afixa depurado depurada partidor "
    "plica plicas modele setar setado setada setados setadas orçou orçando orçar confianças recursão segmente popula debite cotou "
    "cotar cotado performante anualizado anualizada gravidades desalocar desmarcação reusado reusada delegante triado triada prelo "
    "pausou catos cato poderias rescrever rescrevo releição povoe detalhem estruture onlines redis serifa desmarque mouses "
    "creditei coima coimas licite dações altistas altista perfile detalhei",
}
# Further slips that the test does not reach, as the rare word is listed for another reason.
EXTRA = {
    "en": "cant>can't wont>won't whats>what's wheres>where's hows>how's",
    "pt": "peido>pedido peidos>pedidos quado>quando presso>preço oque>o_que presada>prezada presado>prezado presados>prezados "
    "presadas>prezadas estrupo>estupro intensão>intenção",
}

if __name__ == "__main__":
    main()
