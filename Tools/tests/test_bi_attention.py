# SPDX-License-Identifier: Apache-2.0
"""The bi-attention network: its GRU against PyTorch's, copying, beam search, and small training runs."""

import itertools
import json
import os

import pytest
import torch
from assigner_training.__main__ import main
from assigner_training.bi_attention import export
from assigner_training.bi_attention.data import VARIANTS, Examples, texts
from assigner_training.bi_attention.decode import beam_search, hashtags
from assigner_training.bi_attention.gru import BiGRU
from assigner_training.bi_attention.network import BiAttentionNetwork
from assigner_training.bi_attention.vocabulary import BOS, EOS, PAD, UNK, Vocabulary
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)

PLACES, TROUBLES = "rivertown baycity hillville northend".split(), "flood storm quake".split()


def own_rows():
    """Posts that name a trouble, with replies that name a place."""
    return [{"text": f"the {trouble} came in the night", "conversation": f"yes here in {place} too",
             "hashtags": [f"{place} {trouble}"]} for place, trouble in itertools.product(PLACES, TROUBLES)]


def small(rows, variant="bi-attention", copy=False, minimum=1):
    vocabulary = Vocabulary.build(rows, minimum, 100)
    torch.manual_seed(1)
    shape = {"words": len(vocabulary), "outputs": vocabulary.outputs, "embedding": 6, "hidden": 8, "layers": 2,
             "variant": variant, "copy": copy}
    return BiAttentionNetwork(shape).eval(), Examples(rows, vocabulary, variant, (20, 20))


def test_the_gru_is_that_of_pytorch():
    torch.manual_seed(1)
    own = BiGRU(5, 4, 2).double()
    reference = nn.GRU(5, 4, 2, batch_first=True, bidirectional=True).double()
    reference.load_state_dict(own.state_dict())
    lengths, x = torch.tensor([7, 3, 5]), torch.randn(3, 7, 5).double()
    inputs = [x.clone().requires_grad_(), x.clone().requires_grad_()]
    real = (torch.arange(7) < lengths[:, None])[..., None]
    states, last = own(inputs[0], lengths)
    packed, final = reference(pack_padded_sequence(inputs[1], lengths, batch_first=True, enforce_sorted=False))
    expected, _ = pad_packed_sequence(packed, batch_first=True, total_length=7)
    final = torch.cat([final[-2], final[-1]], dim=-1)
    torch.testing.assert_close(states * real, expected)
    torch.testing.assert_close(last, final)
    weights = torch.randn_like(expected), torch.randn_like(final)
    ((states * real * weights[0]).sum() + (last * weights[1]).sum()).backward()
    ((expected * weights[0]).sum() + (final * weights[1]).sum()).backward()
    torch.testing.assert_close(inputs[0].grad, inputs[1].grad)
    for one, other in zip(own.parameters(), reference.parameters()):
        torch.testing.assert_close(one.grad, other.grad)


def test_the_words_of_hashtags_come_first():
    vocabulary = Vocabulary.build(own_rows(), 12, 100)
    assert vocabulary.words[:7] == ["<pad>", "<unk>", "<s>", "</s>", "flood", "quake", "storm"]
    assert vocabulary.outputs == 4 + len(PLACES + TROUBLES)
    assert "night" in vocabulary.ids and vocabulary.ids["night"] >= vocabulary.outputs
    assert Vocabulary.build(own_rows(), 13, 100).words[vocabulary.outputs:] == ["in", "the"]


def test_a_vocabulary_is_read_back(tmp_path):
    vocabulary = Vocabulary.build(own_rows(), 1, 100)
    vocabulary.save(str(tmp_path / "words.txt"))
    read = Vocabulary.load(str(tmp_path / "words.txt"))
    assert vars(read) == vars(vocabulary)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("copy", [False, True])
def test_padding_changes_nothing(variant, copy):
    rows = own_rows() + [{"text": "", "conversation": "unseen", "hashtags": ["unseen"]}]
    network, examples = small(rows, variant, copy)
    together, words = network(examples.pairs_batch(range(len(examples.pairs))))
    apart = [network(examples.pairs_batch([pair])) for pair in range(len(examples.pairs))]
    assert words == sum(count for _, count in apart) == 12 * 3 + 2
    torch.testing.assert_close(together, sum(loss for loss, _ in apart))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("copy", [False, True])
def test_probabilities_add_up(variant, copy):
    network, examples = small(own_rows(), variant, copy, minimum=13)
    batch = examples.batch([0, 5])
    memory, mask, state = network.encode(batch.sources)
    log_p, _ = network.decode(torch.tensor([[BOS], [BOS]]), state, memory, mask, network.memory_copies(batch), batch.extras)
    torch.testing.assert_close(log_p.exp().sum(-1), torch.ones(2, 1))
    assert log_p.shape[-1] == network.outputs + batch.extras
    copied = log_p[..., network.outputs:]
    assert (copied.exp() > 1e-6).any() if copy else (copied == -torch.inf).all()


def test_targets_may_be_copies():
    row = {"text": "a b b", "conversation": "c", "hashtags": ["b new", "c a"]}
    vocabulary = Vocabulary.build([{"text": "a", "conversation": "", "hashtags": ["a"]}], 1, 100)
    examples = Examples([row], vocabulary, "bi-attention", (20, 20))
    batch = examples.pairs_batch([0, 1])
    n = vocabulary.outputs
    assert batch.extra[0] == ["b", "c"] and batch.copies[0].tolist() == [vocabulary.ids["a"], n, n, n + 1]
    assert batch.targets.tolist() == [[BOS, n, UNK, EOS], [BOS, n + 1, vocabulary.ids["a"], EOS]]


def test_texts_of_each_variant():
    row = {"text": "a b c", "conversation": "", "hashtags": []}
    assert texts(row, "post", (2, 9)) == [["a", "b"]] and texts(row, "conversation", (2, 9)) == [["<unk>"]]
    assert texts(row | {"conversation": "d"}, "joined", (2, 9)) == [["a", "b", "d"]]
    assert texts(row, "bi-attention", (2, 9)) == [["a", "b"], ["<unk>"]]


def test_an_epoch_has_every_pair_once():
    _, examples = small(own_rows() * 9)
    one, other = examples.order(1, 0, 8), examples.order(1, 1, 8)
    assert sorted(pair for batch in one for pair in batch) == list(range(len(examples.pairs)))
    assert [list(batch) for batch in one] == [list(batch) for batch in examples.order(1, 0, 8)]
    assert [list(batch) for batch in one] != [list(batch) for batch in other]


def test_the_beams_are_the_most_likely_sequences():
    network, examples = small([{"text": "a", "conversation": "b", "hashtags": ["a", "b"]}], copy=True)
    batch = examples.batch([0])
    memory, mask, state = network.encode(batch.sources)
    allowed = [i for i in range(network.outputs) if i not in (PAD, UNK, BOS)]
    best = []
    for length in range(3):
        for words in itertools.product([i for i in allowed if i != EOS], repeat=length):
            tokens = torch.tensor([[BOS, *words]])
            with torch.no_grad():
                log_p, _ = network.decode(tokens, state, memory, mask, batch.copies, 0)
            log_p[..., [PAD, UNK, BOS]] = -torch.inf
            log_p = log_p.log_softmax(-1)[0]
            best.append(((*words, EOS), sum(log_p[i, token].item() for i, token in enumerate((*words, EOS)))))
    best = sorted(best, key=lambda pair: -pair[1])
    found = [pair for pair in beam_search(network, batch, 20, 2) if pair[0][-1] == EOS]
    assert [tokens for tokens, _ in found] == [tokens for tokens, _ in best]
    assert [score for _, score in found] == pytest.approx([score for _, score in best], abs=1e-5)


def train(folder, rows, variant="bi-attention", *more):
    path = os.path.join(folder, "rows.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    assert main(["bi-attention", "--train", path, "--dev", path, "--config", "tiny", "--folder", folder, "--seed", "3",
                 "--threads", "1", "--variant", variant, *more]) == 0
    return os.path.join(folder, f"{variant}{'-copy' if '--copy' in more else ''}-3")


def test_a_run_can_be_stopped(tmp_path):
    folders = [str(tmp_path / name) for name in "ab"]
    for folder in folders:
        os.mkdir(folder)
    whole = train(folders[0], own_rows(), "bi-attention", "--set", "bi_attention.epochs=4")
    train(folders[1], own_rows(), "bi-attention", "--set", "bi_attention.epochs=2")
    parts = train(folders[1], own_rows(), "bi-attention", "--set", "bi_attention.epochs=4")
    one, other = (torch.load(os.path.join(folder, "checkpoint.pt"), weights_only=True)["network"] for folder in (whole, parts))
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_learns(tmp_path, capsys):
    rows = own_rows() * 4
    folder = train(str(tmp_path), rows, "joined", "--copy", "--set", "bi_attention.epochs=20")
    figures = json.loads(capsys.readouterr().out)
    assert figures["run"] == "joined-copy-3" and figures["F1@1"] > 60
    network, vocabulary = export.load(os.path.join(folder, "model"))
    found = hashtags(network, Examples(rows, vocabulary, "joined", (30, 30)), 0, 4, 5)
    with open(os.path.join(folder, "predictions.jsonl"), encoding="utf-8") as file:
        assert json.loads(file.readline())["predicted"] == [hashtag for hashtag, _ in found]
