"""Trains the verifier's trees on the features of candidates and writes them as dictionaries/zh-Hans/verifier.bin.

    train.py --out verifier.bin --names NAMES FEATURES...

NAMES are the names of the features, one a line, as `features --names` prints them: their hash goes into the file, and a program
with other features refuses it. FEATURES are written by the `features` program: rows of f32, little endian: label, sentence, whether the sentence is clean, first
character, length, then the features of crates/engine/src/spelling/chinese/features.rs. A tenth of the sentences is held out to
calibrate the trees' sum to probabilities (isotonic regression). See requirements.txt for the versions that gave the committed file.
"""

import argparse
import struct

import lightgbm
import numpy
from sklearn.isotonic import IsotonicRegression

HEADER = 5
KNOTS = 40


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--names", required=True, help="a file with the names of the features of a row")
    parser.add_argument("--trees", type=int, default=370)
    parser.add_argument("--leaves", type=int, default=24)
    parser.add_argument("--rate", type=float, default=0.08)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--held-out-dev", nargs="*", default=[], help="features of other sets, for the figures only")
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def load(paths, features):
    rows = [numpy.fromfile(path, dtype="<f4").reshape(-1, HEADER + features) for path in paths]
    for number, part in enumerate(rows):
        part[:, 1] += number * 1e6
    rows = numpy.vstack(rows)
    return rows[:, HEADER:], rows[:, 0], rows[:, 1].astype(int)


def train(options, x, y):
    parameters = dict(
        objective="binary", num_leaves=options.leaves, learning_rate=options.rate, min_data_in_leaf=60, feature_fraction=0.5,
        bagging_fraction=0.8, bagging_freq=1, lambda_l2=5.0, max_bin=255, verbose=-1, num_threads=options.threads,
        seed=1, deterministic=True, force_row_wise=True,
    )
    return lightgbm.train(parameters, lightgbm.Dataset(x, y), options.trees)


def flatten(tree):
    """Inner nodes in an order in which children follow their parents, and leaves."""
    nodes, leaves = [], []

    def visit(node):
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return -len(leaves)
        index = len(nodes)
        nodes.append(None)
        left, right = visit(node["left_child"]), visit(node["right_child"])
        # f32 thresholds: round down, so that `feature <= threshold` stays as trained.
        threshold = numpy.float32(node["threshold"])
        if threshold > node["threshold"]:
            threshold = numpy.nextafter(threshold, numpy.float32("-inf"))
        nodes[index] = (node["split_feature"], left, right, threshold)
        return index

    visit(tree["tree_structure"])
    return nodes, leaves


def knots(raw, y):
    """A calibration with few points: isotonic, then read off at quantiles of the score."""
    isotonic = IsotonicRegression(y_min=0.001, y_max=0.999, out_of_bounds="clip").fit(raw, y)
    at = numpy.unique(numpy.quantile(raw, numpy.linspace(0.0, 1.0, 400)).astype(numpy.float32))
    edges = numpy.linspace(0, len(at) - 1, KNOTS + 1).astype(int)
    points = []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (raw >= at[low]) & (raw <= at[high])
        points.append((float(raw[inside].mean()), float(isotonic.predict(raw[inside]).mean())))
    # A little slope everywhere keeps the order of candidates.
    return [(x, p + 1e-6 * i) for i, (x, p) in enumerate(points)]


def fnv1a(data, bits=32):
    basis, prime = {32: (0x811C9DC5, 0x01000193), 64: (0xCBF29CE484222325, 0x100000001B3)}[bits]
    value = basis
    for byte in data:
        value = ((value ^ byte) * prime) & (2**bits - 1)
    return value


def pack(model, names, calibration):
    trees = model.dump_model()["tree_info"]
    names_hash = fnv1a("".join(f"{name}\n" for name in names).encode(), bits=64)
    out = bytearray(b"VZVF" + struct.pack("<HHQHH", 2, len(names), names_hash, len(trees), len(calibration)))
    for tree in trees:
        nodes, leaves = flatten(tree)
        out += struct.pack("<H", len(nodes))
        for feature, left, right, threshold in nodes:
            out += struct.pack("<Bbbf", feature, left, right, threshold)
        out += struct.pack(f"<{len(leaves)}f", *leaves)
    for x, p in calibration:
        out += struct.pack("<ff", x, p)
    return bytes(out) + struct.pack("<I", fnv1a(out))


def log_loss(p, y):
    p = numpy.clip(p, 1e-6, 1 - 1e-6)
    return float(-(y * numpy.log(p) + (1 - y) * numpy.log(1 - p)).mean())


def main():
    options = arguments()
    with open(options.names) as file:
        names = file.read().split()
    x, y, sentence = load(options.files, len(names))
    held_out = sentence % 10 == 0
    model = train(options, x[~held_out], y[~held_out])
    raw = model.predict(x[held_out], raw_score=True)
    calibration = knots(raw, y[held_out])
    packed = pack(model, names, calibration)
    with open(options.out, "wb") as file:
        file.write(packed)
    print(f"{len(y)} candidates, {y.mean():.3f} right, held-out log loss {log_loss(1 / (1 + numpy.exp(-raw)), y[held_out]):.4f}")
    print(f"{options.out}: {len(packed)} bytes")
    for path in options.held_out_dev:
        a, b, _ = load([path], len(names))
        print(f"{path}: log loss {log_loss(model.predict(a), b):.4f}")
    gains = sorted(zip(model.feature_importance("gain"), names), reverse=True)
    print("gain by feature:", " ".join(f"{name}:{int(gain)}" for gain, name in gains))


if __name__ == "__main__":
    main()
