# SPDX-License-Identifier: Apache-2.0
"""The joint stage's losses against their definitions, and its batches."""

import types

import numpy
import pytest
import torch
from assigner_training import joint

SETTINGS = {"batch": 8, "event_batches": 0.5, "rarity": 0.5, "largest_hashtag": 100, "selection_batch": 3, "minimum": 2,
            "scale": 5.0}


def pairs(count=40):
    """Tweets of two events.  Row i carries hashtag i % 5, every third row also hashtag 5.  Rows 2i and 2i + 1 are a group."""
    tags = [[i % 5] + ([5] if i % 3 == 0 else []) for i in range(count)]
    made = Table(
        hashtags=tags, hashtag_names=[f"tag{i}" for i in range(6)], texts=["river town"] * count,
        displays=[[f"Tag{tag}" for tag in own] for own in tags], groups=numpy.arange(count) // 2,
        events=numpy.arange(count) // (count // 2), carriers=[[i for i in range(count) if tag in tags[i]] for tag in range(6)])
    return made


class Table(types.SimpleNamespace):
    def __len__(self):
        return len(self.texts)


@pytest.fixture
def batches():
    kept = numpy.ones(40, dtype=bool)
    kept[:8] = False
    return joint.Batches(pairs(), kept, SETTINGS, 3, {"river": ["stream"]})


def test_an_epoch_sees_every_kept_tweet_once_and_no_other(batches):
    steps = [batches.rows(step) for step in range(8)]
    anchors = [row for rows in steps for row in rows[:len(rows) // 2]]
    assert sorted(anchors) == list(range(8, 40))
    assert all(row >= 8 for rows in steps for row in rows)
    assert steps == [batches.rows(step) for step in range(8)]
    assert sorted(row for rows in map(batches.rows, range(8, 16)) for row in rows[:len(rows) // 2]) == sorted(anchors)


def test_partners_share_a_hashtag_and_are_no_near_duplicates(batches):
    rows = batches.rows(0)
    half = len(rows) // 2
    for row, other in zip(rows[:half], rows[half:]):
        assert set(batches.pairs.hashtags[row]) & set(batches.pairs.hashtags[other])
        assert batches.pairs.groups[row] != batches.pairs.groups[other] or row == other


def test_relations(batches):
    positive, negative = batches.relations([8, 9, 13, 14])
    assert not positive.diagonal().any() and not negative.diagonal().any()
    assert not positive[0, 1] and not negative[0, 1]  # one group
    assert positive[0, 2] and negative[0, 3] and positive[1, 3] and negative[2, 3]


def test_supervised_loss_is_the_mean_over_positives():
    vectors = torch.nn.functional.normalize(torch.randn(5, 4, generator=torch.Generator().manual_seed(1)), dim=1)
    positive = numpy.zeros((5, 5), dtype=bool)
    positive[0, 1] = positive[1, 0] = positive[0, 2] = positive[2, 0] = True
    negative = ~positive & ~numpy.eye(5, dtype=bool)
    negative[3, 4] = negative[4, 3] = False
    weight = torch.exp(vectors @ vectors.T / 0.5).numpy() * (positive | negative)
    share = weight / weight.sum(1, keepdims=True)
    expected = [-numpy.log([share[0, 1], share[0, 2]]).mean(), -numpy.log(share[1, 0]), -numpy.log(share[2, 0])]
    assert float(joint.supervised(vectors, positive, negative, 0.5)) == pytest.approx(numpy.mean(expected), rel=1e-5)


def test_classification_counts_common_hashtags_and_their_frequency():
    network = torch.nn.Linear(1, 1)
    network.encode = lambda names, *_: numpy.eye(4, dtype=numpy.float32)[: len(names)]
    made = pairs()
    made.hashtags[39].append(6)
    made.hashtag_names.append("once")
    made.carriers.append([39])
    kept = numpy.ones(40, dtype=bool)
    kept[made.carriers[4]] = False
    kept[made.carriers[3]] = False
    model = joint.Joint(network, made, kept, SETTINGS)
    assert model.names == ["tag0", "tag1", "tag2", "tag5"]
    counts = torch.tensor([float(kept[made.carriers[tag]].sum()) for tag in (0, 1, 2, 5)])
    tweets = torch.nn.functional.normalize(torch.tensor([[1.0, 0.5, 0, 0], [0, 0, 0, 1.0]]), dim=1)
    p = torch.softmax(5 * tweets + counts.log(), dim=1)
    expected = (-(p[0, 0].log() + p[0, 3].log()) / 2 - p[1, 2].log()) / 2
    assert model.classification(tweets, [[0, 5, 3], [2, 2]]).item() == pytest.approx(float(expected), rel=1e-5)
    assert model.classification(tweets, [[3], [6]]).item() == 0


def test_vectors_of_an_earlier_run_are_gone_on_from(tmp_path):
    network = torch.nn.Linear(1, 1)
    network.encode = lambda names, *_: numpy.eye(6, dtype=numpy.float32)[: len(names)]
    first = joint.Joint(network, pairs(), numpy.ones(40, dtype=bool), SETTINGS)
    with torch.no_grad():
        first.vectors.copy_(torch.nn.functional.normalize(torch.randn(first.vectors.shape), dim=1))
    assert joint.hashtag_vectors(str(tmp_path)) == {}
    first.save_hashtags(str(tmp_path))
    known = joint.hashtag_vectors(str(tmp_path))
    del known["tag2"]
    later = joint.Joint(network, pairs(), numpy.ones(40, dtype=bool), SETTINGS, known)
    expected = first.vectors.detach().clone()
    expected[2] = torch.eye(6)[2]  # a hashtag without a known vector starts from its encoding
    assert later.names[2] == "tag2" and torch.allclose(later.vectors, expected, atol=1e-6)
