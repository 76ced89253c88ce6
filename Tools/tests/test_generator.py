# SPDX-License-Identifier: Apache-2.0
"""The generator: spelling, schedules, samplers, initialisation, and small training runs."""

import argparse
import json
import os

import numpy
import pytest
import torch
from assigner_training import config, encoder
from assigner_training.generator import export, measure, sampler, schedule, stage, start
from assigner_training.generator.data import Examples
from assigner_training.generator.loss import losses
from assigner_training.generator.model import Generator, make_config
from assigner_training.generator.source import SourceWriter, pad
from assigner_training.generator.spelling import BOS, CHARACTERS, EOS, PAD, SPECIALS, Spelling, build
from assigner_training.generator.train import Trainer

torch.set_num_threads(1)  # small matrices are slower with several threads, most of all on a busy machine

PLACES = "rivertown baycity hillville northend oldmill eastport".split()
TROUBLES = "flood storm quake wildfire outage".split()


def own_rows(count=20):
    """Our own tweets, whose hashtags follow from the text."""
    rows = []
    for i in range(count):
        place, trouble = PLACES[i % len(PLACES)], TROUBLES[i // len(PLACES) % len(TROUBLES)]
        hashtags = [place + trouble] if i % 3 == 0 else [place, trouble] if i % 3 == 1 else [trouble, "help", place]
        rows.append({"text": f"report {i} the {trouble} reaches {place} help", "hashtags": hashtags,
                     "retrieved": [hashtags[0], TROUBLES[(i + 1) % 5]]})
    return rows


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    """A small random BERT folder with the words of the rows."""
    settings = config.load("tiny")["encoder"] | {"hidden_size": 64, "feed_forward": 128}
    folder = str(tmp_path_factory.mktemp("bert"))
    return encoder.random_encoder(settings, folder, [row["text"] for row in own_rows()] + ["help " + " ".join(CHARACTERS)])


def small(bert, rows, **changes):
    """(settings, generator, spelling, examples) of the tiny configuration."""
    s = config.load("tiny")["generator"] | changes
    import collections
    counts = collections.Counter(h for row in rows for h in row["hashtags"])
    with open(os.path.join(bert, "vocab.txt"), encoding="utf-8") as file:
        spelling = Spelling(build(counts, file.read().splitlines(), s["whole_minimum"], s["piece_minimum"]))
    args = argparse.Namespace(start=None)
    writer = SourceWriter.load(bert, s["max_source"])
    torch.manual_seed(3)
    generator = stage.begin(args, bert, spelling, writer, s)
    return s, generator, spelling, Examples(rows, writer, spelling, s["positions"])


# Spelling

def test_every_hashtag_is_read_back():
    counts = {"rivertown": 9, "flood": 9, "flooded": 1, "rivertownflood": 1, "9_11": 1}
    spelling = Spelling(build(counts, ["ed", "##ed", "town", "##town", "##x"], 5, 1))
    random = numpy.random.default_rng(0)
    for _ in range(300):
        hashtags = ["".join(random.choice(list(CHARACTERS), random.integers(1, 12))) for _ in range(3)] + list(counts)
        ids = spelling.spell(hashtags)
        assert [h for h, _ in spelling.read(ids)] == hashtags
        assert [p for _, places in spelling.read(ids) for p in places] == list(range(len(ids)))
    assert spelling.pieces[:3] == SPECIALS
    assert len(spelling.spell_one("rivertown")) == 1, "a frequent hashtag is one piece"
    assert "##x" in spelling.ids, "characters always stay"


def test_targets_hold_whole_hashtags():
    spelling = Spelling(build({"flood": 9}, [], 5, 1))
    flood = spelling.ids["flood"]
    assert spelling.target(["flood", "ab"], 4) == [flood, spelling.ids["a"], spelling.ids["##b"], EOS]
    assert spelling.target(["flood", "abcd", "flood"], 4) == [flood, EOS, PAD, PAD], "a hashtag that does not fit ends the target"
    assert len(spelling.target(["abcdefgh"], 4)) == 4 and EOS not in spelling.target(["abcdefgh"], 4)
    assert spelling.target(["überflutung", "flood", "水"], 4) == [flood, EOS, PAD, PAD], "what cannot be spelled is left out"
    assert build({"flood": 9, "水": 9}, [], 5, 1) == build({"flood": 9}, [], 5, 1)
    assert spelling.read([PAD, flood, BOS, EOS, flood]) == [("flood", [1])]


# Schedules

@pytest.mark.parametrize("kind", ["linear", "sigmoid"])
@pytest.mark.parametrize("shared", [False, True])
def test_adaptive_schedule_makes_difficulty_even(kind, shared):
    steps, positions = 200, 4
    table = schedule.sqrt(steps, positions)
    random = numpy.random.default_rng(1)

    def loss(level):  # hard only between certain noise levels, as with short embeddings
        return 1 / (1 + numpy.exp(-12 * (0.7 - level)))

    def unevenness(table):
        steps_of_loss = numpy.diff(loss(table[:, 0].astype(float)))
        return steps_of_loss.std() / steps_of_loss.mean()

    before = unevenness(table)
    for _ in range(3):
        history = schedule.LossHistory(steps, positions, 15)
        t = random.integers(1, steps + 1, 6000)
        history.add(t, loss(table[t]) + random.normal(0, 0.05, (6000, positions)), numpy.ones((6000, positions)))
        table = schedule.adapt(kind, table, history, shared)
        assert (numpy.diff(table, axis=0) < 0).all()
        assert table.dtype == numpy.float32 and table[0].min() > 0.999 and table[-1].max() < 1e-3
    assert unevenness(table) < 0.7 * before


def test_a_position_without_losses_keeps_its_schedule():
    history = schedule.LossHistory(50, 2, 10)
    weight = numpy.tile([1.0, 0.0], (500, 1))
    t = numpy.random.default_rng(0).integers(1, 51, 500)
    history.add(t, numpy.stack([t / 50, t / 50], axis=1), weight)
    table = schedule.cosine(50, 2)
    new = schedule.adapt("linear", table, history)
    assert (new[:, 1] == table[:, 1]).all() and not (new[:, 0] == table[:, 0]).all()


# Samplers

class Perfect:
    """A denoiser that knows the answer."""

    def __init__(self, answer, table):
        self.answer, self.timesteps = answer, len(table) - 1
        self.diffusion = argparse.Namespace(alpha_bar=torch.from_numpy(table))

    def sources(self, x_e):
        return None

    def decode(self, v, previous, t, sources, mask):
        return self.answer.expand_as(v)


def test_visited_steps():
    assert sampler.visited(200, 10) == list(range(200, -1, -20))
    assert sampler.visited(200, 3) == [200, 133, 67, 0]
    assert sampler.visited(5, 2) == [5, 3, 0], "halves round up"
    assert sampler.visited(200, 200) == list(range(200, -1, -1))


@pytest.mark.parametrize("steps", [1, 3, 10, 200])
def test_marginals_of_every_sampler(steps):
    """With the true x0, v at every visited t is distributed as q(v_t | x0): mean sqrt(a) x0, variance 1 - a."""
    table = schedule.cosine(200, 3)
    table[1:-1, 1] = schedule.sqrt(200, 1)[1:-1, 0]
    answer = torch.full((1, 3, 1), 2.0)
    torch.manual_seed(0)
    for kind in sampler.SAMPLERS:
        trace = []
        count = 4000
        noise = torch.randn((steps, count, 3, 1) if kind in sampler.STOCHASTIC else (count, 3, 1))
        end = sampler.sample(Perfect(answer, table), None, None, noise, steps, kind, trace)
        assert torch.allclose(end, answer.expand_as(end), atol=1e-4)
        for t, v, _ in trace[1:]:
            level = torch.from_numpy(table[t])
            assert torch.allclose(v.mean(0)[:, 0], level.sqrt() * 2, atol=0.09)
            assert torch.allclose(v.var(0)[:, 0], 1 - level, rtol=0.12, atol=1e-3)


def test_dpm_is_second_order():
    """For one Gaussian the perfect denoiser is linear in v: DPM-Solver++(2M) ends much nearer to the exact flow than DDIM."""
    table = schedule.cosine(1000, 1)
    mean, variance = 1.0, 0.25

    class Gaussian(Perfect):
        def decode(self, v, previous, t, sources, mask):
            level = self.diffusion.alpha_bar[t[0]]
            gain = variance * level.sqrt() / (variance * level + 1 - level)
            return mean + gain * (v - level.sqrt() * mean)

    denoiser = Gaussian(torch.zeros(1), table)
    noise = torch.tensor([-1.5, 0.3, 2.0])[:, None, None]
    exact = mean + variance ** 0.5 * noise  # the flow keeps every point's quantile
    error = {kind: (sampler.sample(denoiser, None, None, noise, 20, kind) - exact).abs().max() for kind in ("ddim", "dpm")}
    assert error["dpm"] < 0.5 * error["ddim"], error


# The network

def test_bart_encoder_equals_bert(bert):
    from transformers import BartConfig, BertModel
    from transformers.models.bart.modeling_bart import BartEncoder
    theirs = BertModel.from_pretrained(bert, add_pooling_layer=False).eval()
    c, weights = export.load_bert(bert)
    generator = Generator(make_config(c, 80, 16, 8, 50, 2, 4.0), 2.0).eval()
    mapped = start.bert_to_bart(weights)
    assert not generator.load_state_dict(mapped, strict=False).unexpected_keys
    tokens = torch.randint(5, c["vocab_size"], (3, 20))
    mask = torch.ones(3, 20, dtype=torch.bool)
    mask[1, 12:] = False
    with torch.no_grad():
        expected = theirs(tokens, attention_mask=mask.long()).last_hidden_state
        assert torch.allclose(generator.encode(tokens, mask)[mask], expected[mask], atol=1e-5)

    bart = BartEncoder(BartConfig(
        d_model=c["hidden_size"], encoder_layers=c["num_hidden_layers"], vocab_size=c["vocab_size"],
        encoder_attention_heads=c["num_attention_heads"], encoder_ffn_dim=c["intermediate_size"],
        max_position_embeddings=c["max_position_embeddings"], activation_function="gelu", scale_embedding=False,
        pad_token_id=0)).eval()
    names = {n.removeprefix("model.encoder."): x for n, x in mapped.items() if n != "model.shared.weight"}
    names["embed_tokens.weight"] = mapped["model.shared.weight"]
    bart.load_state_dict(names, strict=True)
    for module in bart.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.eps = c["layer_norm_eps"]  # transformers uses 1e-5; the checkpoint's config keeps BERT's value
    with torch.no_grad():
        ours = bart(input_ids=tokens, attention_mask=mask.long()).last_hidden_state
    assert torch.allclose(ours[mask], expected[mask], atol=1e-5)


def test_padding_and_causality(bert):
    """Source padding changes nothing.  The causal pass at i does not see piece i and later ones."""
    s, generator, spelling, examples = small(bert, own_rows())
    generator.eval()
    tokens, mask = examples.sources([0, 1])
    wider, wide_mask = pad([row[m].tolist() for row, m in zip(tokens, mask)] + [[2] * (tokens.shape[1] + 9)])
    with torch.no_grad():
        x_e, wide = generator.encode(tokens, mask), generator.encode(wider, wide_mask)
        v = torch.randn(2, s["positions"], s["embedding"])
        t = torch.tensor([7, 31])
        a = generator.decode(v, None, t, generator.sources(x_e), mask)
        b = generator.decode(v, None, t, generator.sources(wide[:2]), wide_mask[:2])
        assert torch.allclose(a, b, atol=1e-5)
        pieces = examples.targets[:2].clone()
        first = generator.causal_logits(pieces, generator.sources(x_e), mask)
        pieces[:, 3:] = 5
        second = generator.causal_logits(pieces, generator.sources(x_e), mask)
        assert torch.allclose(first[:, :4], second[:, :4], atol=1e-5)
        assert not torch.allclose(first[:, 4:], second[:, 4:], atol=1e-3)


def test_source_rows(bert):
    writer = SourceWriter.load(bert, 16)
    tweet = writer.encode("the flood reaches oldmill")
    assert writer.row([], tweet) == [writer.begin, *writer.between, *tweet, writer.end]
    row = writer.row(["flood", "help"], tweet)
    assert row[:5] == [writer.begin] + writer.encode("flood") + writer.separator + writer.encode("help") + writer.between
    long = writer.row(["flood"], tweet * 20)
    assert len(long) == 16 and long[-1] == writer.end


def test_batches_cover_an_epoch(bert):
    s, generator, spelling, examples = small(bert, own_rows(60))
    seen = []
    for step in range(7):
        rows, positions = examples.batch_rows(5, step, 8, s["short"], 0.3)
        assert positions >= examples.lengths[rows].max()
        seen += rows.tolist()
    assert len(set(seen)) == 56 and positions <= s["positions"]
    again, _ = examples.batch_rows(5, 2, 8, s["short"], 0.3)
    assert again.tolist() == seen[16:24]


def test_drift_trains_on_what_a_sampler_meets(bert):
    """Drifting rows have other inputs and so other losses.  Their targets are still the true pieces, so nothing becomes NaN."""
    s, generator, spelling, examples = small(bert, own_rows())
    rows = numpy.arange(8)
    tokens, mask = examples.sources(rows)
    targets = examples.targets[:8]
    found = {}
    for drift in (0.0, 1.0):
        random = torch.Generator().manual_seed(2)
        found[drift] = losses(generator, generator.encode(tokens, mask), mask, targets, random,
                              s | {"drift": drift, "self_conditioning": 1.0})[1]
    assert (found[0.0]["t"] == found[1.0]["t"]).all() and torch.isfinite(found[1.0]["error"]).all()
    assert not torch.allclose(found[0.0]["error"], found[1.0]["error"])


def test_a_run_carries_on_with_another_vocabulary(bert, tmp_path):
    """The decoder and the embeddings of shared pieces are copied.  A new piece is near pieces of similar spelling."""
    rows = own_rows()
    s, earlier, spelling, _ = small(bert, rows, whole_minimum=5)
    with torch.no_grad():  # the space of an earlier run: any rotation of the initial space
        turn = torch.linalg.qr(torch.randn(s["embedding"], s["embedding"]))[0]
        first = earlier.diffusion.token_embedding.weight @ turn
        earlier.diffusion.token_embedding.weight.copy_(first)
    folder = str(tmp_path / "earlier")
    export.export(earlier, spelling, bert, folder)
    more = Spelling(spelling.pieces + ["rivertownflood"])
    writer = SourceWriter.load(bert, s["max_source"])
    torch.manual_seed(3)
    later = stage.begin(argparse.Namespace(start=folder), bert, more, writer, s)
    for (name, a), (_, b) in zip(earlier.model.decoder.named_parameters(), later.model.decoder.named_parameters()):
        assert torch.equal(a, b), name
    assert torch.allclose(later.embeddings()[:-1], earlier.embeddings(), atol=1e-5)
    torch.manual_seed(3)
    fresh = stage.begin(argparse.Namespace(start=None), bert, more, writer, s).embeddings()
    begins = [i for i, piece in enumerate(spelling.pieces) if i > 2 and not piece.startswith("##")]
    kinship = lambda rows: (rows[begins] @ rows[-1]).detach()
    assert numpy.corrcoef(kinship(later.embeddings()), kinship(fresh))[0, 1] > 0.7, "its similarities to the others are kept"


def test_a_run_that_carries_on_with_its_own_vocabulary_needs_no_start(bert, tmp_path, monkeypatch):
    s, earlier, spelling, examples = small(bert, own_rows())
    folder = str(tmp_path / "earlier")
    export.export(earlier, spelling, bert, folder)
    monkeypatch.setattr(start, "start_embeddings", None)  # only needed for pieces that --start lacks, and slow
    later = stage.begin(argparse.Namespace(start=folder), bert, spelling, examples.writer, s)
    assert torch.allclose(later.embeddings(), earlier.embeddings(), atol=1e-6)
    assert torch.equal(later.final_logits_bias, earlier.final_logits_bias)


def test_held_out_rows_are_not_trained_on(bert, tmp_path):
    s, generator, spelling, examples = small(bert, own_rows())
    path = tmp_path / "sources.jsonl"
    path.write_text("".join(json.dumps(row | {"id": i}) + "\n" for i, row in enumerate(own_rows())), encoding="utf-8")
    some = Examples.load(str(path), examples.writer, spelling, s["positions"], without={0, 3, 99})
    assert [some.hashtags[0], some.hashtags[2]] == [examples.hashtags[1], examples.hashtags[4]] and len(some) == 18


# Whole runs

def test_overfits_and_samples_what_it_learned(bert, tmp_path):
    """DDIM with 10 steps, the final pass and the causal decoder each reproduce twenty memorised tweets."""
    rows = own_rows()
    s, generator, spelling, examples = small(
        bert, rows, steps=450, learning_rate=3e-3, batch=20, average=0.95, whole_minimum=2, piece_minimum=1, drop_all=0.0,
        drop_one=0.0, shuffle=0.0, schedule_every=100, schedule_from=100, warmup=20, log_every=1000, causal_share=1.0,
        checkpoint_every=1000, corrupt_rows=0.1)
    untrained, _, _ = measure.measure(generator, spelling, examples)
    trainer = Trainer(generator, examples, s, 1, "cpu", str(tmp_path))
    trainer.run()
    trainer.averaged()
    figures, found, gold = measure.measure(generator, spelling, examples)
    assert untrained["sample"]["f1@5"] < 30
    for name, one in figures.items():
        assert one["f1@5"] > 90, (name, figures, list(zip(found[name], gold))[:5])


def test_stage_end_to_end_and_resume(bert, tmp_path):
    """The command with the tiny configuration: the export loads, and a stopped run continues to the same weights."""
    rows = own_rows(40)
    for name in ("one", "two"):
        os.makedirs(tmp_path / name)
        with open(tmp_path / name / "sources.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

    def run(name, steps):
        from assigner_training.__main__ import main
        work = str(tmp_path / name)
        assert main(["generator", "--work", work, "--config", "tiny", "--encoder", bert, "--dev",
                     os.path.join(work, "sources.jsonl"), "--set", f"generator.steps={steps}",
                     "--set", "generator.schedule_until=2.0"]) == 0
        return export.load(os.path.join(work, "generator", "model"))

    whole, spelling = run("one", 12)
    assert len(spelling) == whole.final_logits_bias.shape[1]
    norms = whole.diffusion.token_embedding.weight.norm(dim=1)
    assert torch.allclose(norms, norms[0].expand_as(norms)), "every row has length r"
    curves = [json.loads(line) for line in open(tmp_path / "one" / "generator" / "curve.jsonl", encoding="utf-8")]
    assert any("dev" in line for line in curves) and any("cross_by_time" in line for line in curves)
    assert any("schedule" in line for line in curves)

    # Stop after a checkpoint. The learning rate depends on the end, so both runs must have the same end.
    from assigner_training.generator.train import Trainer as Original
    calls = {"left": 6}
    update = Original.update

    def stopping(self):
        if calls["left"] == 0:
            raise KeyboardInterrupt
        calls["left"] -= 1
        return update(self)

    Original.update = stopping
    try:
        with pytest.raises(KeyboardInterrupt):
            run("two", 12)
    finally:
        Original.update = update
    resumed, _ = run("two", 12)
    for (name, a), (_, b) in zip(whole.state_dict().items(), resumed.state_dict().items()):
        assert torch.allclose(a, b, atol=1e-5), name


def test_runs_over_the_same_tweets_share_encodings(bert, tmp_path):
    """A run with the encodings of another run gives the same weights, and does not use the encoder."""
    path, weights = str(tmp_path / "encodings.pt"), []
    for number in range(2):
        s, generator, _, examples = small(bert, own_rows(), steps=3, cache_rows=20)
        trainer = Trainer(generator, examples, s, 5, "cpu", str(tmp_path / str(number)))
        trainer.encodings.load(path)  # the first time there is none
        if number:
            generator.encode = None
        trainer.run()
        trainer.encodings.save(path)
        weights.append([p.detach().clone() for _, p in trainer.named])
    assert all(torch.equal(first, second) for first, second in zip(*weights))
