#!/usr/bin/env python3
"""What the program is made of: the crates in a Linux build, from Cargo.lock.

    tools/crates.py licenses [--check]   src/cli/crate-licenses.txt, which `vermilion licenses` prints
    tools/crates.py sbom FILE            a bill of materials (CycloneDX 1.6, JSON); needs the PyPI package
                                         cyclonedx-python-lib[json-validation]
    tools/crates.py embedded PROGRAM     whether a program of the container image has the list within itself, as cargo-auditable
                                         writes it and `cargo audit bin` reads it; needs objcopy

A crate that may be had under Apache-2.0 is taken under that, whose text is LICENSE; of the others the text of their own files is kept,
equal ones once. Needs the sources of the crates, as any build leaves them.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tomllib
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "src/cli/crate-licenses.txt"
TARGET = "x86_64-unknown-linux-gnu"
TEXTS = re.compile(r"(?i)(licen[sc]e|copying|copyright|unlicense)")
# Of a library in another language that is in the crate, under a licence of its own.
WITHIN = {"tikv-jemalloc-sys": "jemalloc/COPYING"}
# Crates whose package has no file of its licence: who holds the rights, by their manifests and repositories.
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files \
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, \
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, \
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF \
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR \
ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE \
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def crates():
    """The packages that a release build for Linux contains, by name and version; our own not among them. Each with `needs`."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    waiting = [package["id"] for package in packages.values() if package["name"] == "vermilion"]
    needs = {}
    while waiting:
        package = waiting.pop()
        if package not in needs:
            # What builds the program, or is only tested with, is not in it.
            needs[package] = [
                dependency["pkg"]
                for dependency in nodes[package]["deps"]
                if any(kind["kind"] is None for kind in dependency["dep_kinds"])
            ]
            waiting += needs[package]
    members = set(metadata["workspace_members"])
    found = [packages[each] | {"needs": needs[each]} for each in needs if each not in members]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def expression(crate):
    """As SPDX writes it."""
    return re.sub(r"\s*/\s*", " OR ", crate["license"] or "see its licence file")


def may_be_apache(crate):
    offered = expression(crate)
    return " AND " not in offered and "Apache-2.0" in [each.strip("() ") for each in offered.split(" OR ")]


def texts(crate):
    folder = pathlib.Path(crate["manifest_path"]).parent
    files = sorted(path for path in folder.iterdir() if path.is_file() and TEXTS.match(path.name))
    if may_be_apache(crate):
        files = []
    files += [folder / WITHIN[crate["name"]]] if crate["name"] in WITHIN else []
    found = [path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip() for path in files]
    # Trailing blanks and forms feeds tell no two licences apart.
    found = ["\n".join(line.rstrip() for line in text.replace("\f", "").splitlines()) for text in found]
    if not found and expression(crate) == "MIT":
        found = [f"Copyright (c) {', '.join(crate['authors']) or 'the authors of ' + crate['name']}\n\n{MIT}"]
    return found


def page():
    all_crates = crates()
    lines = [
        "Crates in the program, each with its licence. Those that may be had under Apache-2.0 are used under that, whose text is above.",
        "The texts of the others follow, each with the crates that it is of. tools/crates.py makes this list.",
        "",
    ]
    lines += [f"{crate['name']} {crate['version']}: {expression(crate)}" for crate in all_crates]
    owners = {}
    for crate in all_crates:
        own = texts(crate)
        if not own and not may_be_apache(crate) and expression(crate) != "MPL-2.0":
            sys.exit(f"{crate['name']} {crate['version']} has no text of its licence, {expression(crate)}")
        for text in own:
            owners.setdefault(text, []).append(crate["name"])
    for text, names in sorted(owners.items(), key=lambda item: item[1]):
        lines += ["", "-" * 100, ", ".join(dict.fromkeys(names)), "", text]
    return "\n".join(lines) + "\n"


def licenses(check):
    made = page()
    if not check:
        OUT.write_text(made, encoding="utf-8")
    elif OUT.read_text(encoding="utf-8") != made:
        sys.exit("src/cli/crate-licenses.txt is not what Cargo.lock says: run tools/crates.py licenses")


def sbom(path):
    from cyclonedx.model import HashAlgorithm, HashType
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.model.license import LicenseExpression
    from cyclonedx.output.json import JsonV1Dot6
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    from packageurl import PackageURL

    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    sums = {(each["name"], each["version"]): each.get("checksum") for each in lock["package"]}
    version = next(each["version"] for each in lock["package"] if each["name"] == "vermilion")
    bom = Bom()
    bom.metadata.component = Component(type=ComponentType.APPLICATION, name="vermilion", version=version, bom_ref="vermilion")
    components = {}
    all_crates = crates()
    for crate in all_crates:
        name, number = crate["name"], crate["version"]
        components[crate["id"]] = Component(
            type=ComponentType.LIBRARY,
            name=name,
            version=number,
            bom_ref=f"{name}@{number}",
            purl=PackageURL("cargo", None, name, number),
            licenses=[LicenseExpression(expression(crate))],
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sums[(name, number)])],
        )
    bom.components = components.values()
    bom.register_dependency(bom.metadata.component, components.values())
    for crate in all_crates:
        bom.register_dependency(components[crate["id"]], [components[each] for each in crate["needs"]])
    written = JsonV1Dot6(bom).output_as_string(indent=1)
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(written)
    if fault:
        sys.exit(f"no valid bill: {fault}")
    pathlib.Path(path).write_text(written, encoding="utf-8")
    print(f"{len(bom.components)} crates")


def embedded(program):
    dump = ["objcopy", "--dump-section", ".dep-v0=/dev/stdout", program, "/dev/null"]
    section = subprocess.run(dump, check=True, capture_output=True).stdout
    packages = json.loads(zlib.decompress(section))["packages"]
    told = {(each["name"], each["version"]): each.get("kind", "runtime") for each in packages if each["source"] != "local"}
    right = {(crate["name"], crate["version"]) for crate in crates()}
    # What only makes code, as derives do, is told as of the build.
    wrong = {crate for crate, kind in told.items() if kind == "runtime"} - right | right - told.keys()
    if wrong:
        sys.exit(f"{program} tells of other crates: {sorted(wrong)}")
    print(f"{len(told)} crates are told within the program")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("licenses")
    made.add_argument("--check", action="store_true")
    made.set_defaults(run=lambda asked: licenses(asked.check))
    bill = commands.add_parser("sbom")
    bill.add_argument("file")
    bill.set_defaults(run=lambda asked: sbom(asked.file))
    within = commands.add_parser("embedded")
    within.add_argument("program")
    within.set_defaults(run=lambda asked: embedded(asked.program))
    asked = parser.parse_args()
    asked.run(asked)


main()
