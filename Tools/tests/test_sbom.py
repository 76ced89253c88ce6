# SPDX-License-Identifier: Apache-2.0
"""The bill of materials names the linked libraries with versions, and the files with checksums."""

import hashlib
import importlib.machinery
import importlib.util
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PATH = str(ROOT / "Tools" / "packaging" / "sbom")
LOADER = importlib.machinery.SourceFileLoader("sbom", PATH)
sbom = importlib.util.module_from_spec(importlib.util.spec_from_loader("sbom", LOADER))
LOADER.exec_module(sbom)

MANIFEST = """.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.2.3")
.systemLibrary(name: "CLZ4", providers: [.apt(["liblz4-dev"])]),"""
INSTALLED = {"libc6-dev": "2.36-9", "libstdc++-9-dev": "9.1", "libstdc++-12-dev": "12.2", "liblz4-dev": "1.9.4-1",
             "zlib1g-dev": "1:1.2.13", "libxxhash-dev": "0.8"}


@pytest.fixture
def made(tmp_path):
    def make(manifest=MANIFEST, architecture="amd64", installed=INSTALLED):
        for name in ("assigner", "assigner-convert", "assigner.model", "assigner.index"):
            (tmp_path / name).write_text(name)
        return sbom.document(architecture, "0.1.0", tmp_path, tmp_path, manifest, installed, "6.3.1", 86400)
    return make


def test_what_is_linked_in_has_its_version(made):
    found = {package["name"]: package["versionInfo"] for package in made()["packages"]}
    assert found == {
        "assigner": "0.1.0", "assigner-model": "0.1.0", "all-MiniLM-L6-v2": "NOASSERTION", "swift-argument-parser": "1.2.3",
        "Swift runtime, standard library and Foundation": "6.3.1", "glibc": "2.36-9", "libstdc++ and libgcc": "12.2",
        "lz4": "1.9.4-1"}
    more = MANIFEST + '.systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])])'
    more += """.systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        .target(name: "COpenBLAS", condition: .when(traits: ["OpenBLAS"]))"""
    names = [package["name"] for package in made(more, "arm64")["packages"]]
    assert "zlib" in names and "xxhash" in names
    assert "openblas" not in names, "packages are built without traits"


def test_files_have_their_sums_and_belong_to_a_package(made):
    document = made()
    sums = {file["fileName"]: file["checksums"][1]["checksumValue"] for file in document["files"]}
    assert sums["./share/assigner/assigner.model"] == hashlib.sha256(b"assigner.model").hexdigest()
    related = {(row["spdxElementId"], row["relationshipType"], row["relatedSpdxElement"]) for row in document["relationships"]}
    assert ("SPDXRef-assigner", "CONTAINS", "SPDXRef-File-assigner-convert") in related
    assert ("SPDXRef-assigner", "STATIC_LINK", "SPDXRef-lz4") in related
    assert ("SPDXRef-assigner-model", "DESCENDANT_OF", "SPDXRef-all-MiniLM-L6-v2") in related
    known = {"SPDXRef-DOCUMENT"} | {element["SPDXID"] for element in document["packages"] + document["files"]}
    assert {name for one, _, other in related for name in (one, other)} <= known


def test_the_same_files_give_the_same_document(made, tmp_path):
    first = made()
    assert first == made() and first["creationInfo"]["created"] == "1970-01-02T00:00:00Z"


@pytest.mark.parametrize("manifest, installed, message", [
    (MANIFEST.replace("exact", "from"), INSTALLED, "no exact version"),
    (MANIFEST + '.systemLibrary(name: "CMystery", providers: [.apt(["libmystery-dev"])])', INSTALLED,
     "libmystery-dev, whose licence this script does not know"),
    (MANIFEST, {}, "libc6-dev is not installed"),
])
def test_what_it_cannot_know_ends_it(made, manifest, installed, message):
    with pytest.raises(SystemExit, match=message):
        made(manifest, installed=installed)


def test_the_projects_manifest_can_be_read():
    assert "liblz4-dev" in sbom.linked((ROOT / "Package.swift").read_text(), "amd64")
