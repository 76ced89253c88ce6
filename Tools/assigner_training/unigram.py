# SPDX-License-Identifier: Apache-2.0
"""A Unigram tokenizer of a model file (Sources/Text/Unigram+ModelFile.swift) as Hugging Face's."""

import struct

import numpy
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors


def tokenizer(file, described):
    """`described`: its object in the metadata of the ModelFile `file`."""
    def array(name):
        section = described["sections"][name]
        return file.array(section, file.section(section)[2])

    starts, texts, scores = array("starts"), array("texts").tobytes(), array("scores").view(numpy.float64)
    pieces = [texts[start:end].decode() for start, end in zip(starts, starts[1:], strict=False)]
    special = described["specials"]
    made = Tokenizer(models.Unigram(list(zip(pieces, scores.tolist(), strict=True)), unk_id=special["unknown"],
                                    byte_fallback=described["fallsBackToBytes"]))
    made.normalizer = normalizers.Sequence([normalizer(step, array) for step in described["normalizer"]])
    spaces = described["spaces"]
    split = pre_tokenizers.Metaspace(replacement=spaces["mark"], prepend_scheme=spaces["prefix"], split=spaces["splits"])
    made.pre_tokenizer = (pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), split])
                          if spaces["dropsWhiteSpace"] else split)
    begin, end = pieces[special["begin"]], pieces[special["end"]]
    between = " ".join([end] * described["pairSeparators"])
    made.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", pair=f"{begin} $A {between} $B {end}",
        special_tokens=[(begin, special["begin"]), (end, special["end"])])
    for added in described["addedTokens"]:
        token = AddedToken(added["content"], special=added.get("special", False), normalized=added.get("second", False),
                           lstrip=added.get("stripsLeft", False), rstrip=added.get("stripsRight", False),
                           single_word=added.get("singleWord", False))
        made.add_special_tokens([token]) if token.special else made.add_tokens([token])
    return made


def normalizer(step, array):
    """One step of the normaliser."""
    match step["kind"]:
        case "charsmap":
            units = array("charsmap").astype("<u4").tobytes()
            return normalizers.Precompiled(struct.pack("<I", len(units)) + units + array("charsmapTexts").tobytes())
        case "strip":
            return normalizers.Strip(left=step["left"], right=step["right"])
        case "replace":
            return normalizers.Replace(step["text"], step["by"])
        case "joinSpaces":
            return normalizers.Replace(Regex(" {2,}"), step["by"])
        case kind:
            raise SystemExit(f"the normaliser has the step {kind}, which is not known")
