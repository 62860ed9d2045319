"""Train the reader's encoder: python training/train.py --data DIR --out MODEL.pt [--clean] [--steps N] [--threads N].

Batches hold one task each, mixed at random; the schedule is linear with a short warm-up. A file MODEL.stop ends the training early:
the rate then falls to nothing within 150 steps. Seeds are fixed; the steps done and the digests of the sets are kept with the weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import data
import numpy as np
import torch
from data import Sample
from net import LINK, ROLES, Net, base_folder
from torch import nn
from torch.nn import functional

from ascertain.models.encoder_pieces import WordPieces
from ascertain.models.encoder_text import padded

BUDGET = 2048  # word pieces a batch
STOPPING = 150  # steps
# name of a set: file, how often it is read, whether its licence is open
SETS: dict[str, tuple[str, float, bool]] = {
    "polnear": ("polnear/train.jsonl.gz", 5, False),
    "worldwide": ("ner_worldwide_news/train.jsonl.gz", 4, False),
    "wikigold": ("ner_wikigold/train.jsonl.gz", 1, True),
    "crossner": ("ner_crossner_politics/train.jsonl.gz", 1, True),
    "wnut": ("ner_wnut17/train.jsonl.gz", 0.5, True),
    "twitter": ("ner_broad_twitter/train.jsonl.gz", 0.5, True),
    "uds": ("fact-uds-ih2/train.jsonl.gz", 3, True),
    "uw": ("fact-uw/train.jsonl", 8, False),
    "meantime": ("meantime/train.jsonl", 2, True),
    "muc4": ("muc4/train.jsonl.gz", 2, False),
}


def load(folder: Path, *, clean: bool) -> tuple[list[list[Sample]], dict[str, str]]:
    """Batches of all sets, in the order of training, and the sets' digests."""
    cutter = WordPieces(base_folder() / "vocab.txt")
    by_task: dict[str, list[Sample]] = {}
    digests = {}
    for name, (file, times, is_open) in SETS.items():
        if clean and not is_open:
            continue
        path = folder / file
        digests[file] = data.digest(path)
        total = times * 2.5 if clean and name in {"wikigold", "crossner", "wnut", "twitter"} else times
        for part in range(math.ceil(total)):
            samples = _samples(name, path, cutter)
            random.shuffle(samples)
            samples = samples[: round(len(samples) * min(1.0, total - part))]
            by_task.setdefault(f"{samples[0].task} {samples[0].whole} {part}", []).extend(samples)
        print(name, len(samples), "windows", sum(len(s.window) for s in samples), "pieces", flush=True)
    found = [batch for samples in by_task.values() for batch in batches(samples)]
    random.shuffle(found)
    return found, digests


def _samples(name: str, path: Path, cutter: WordPieces) -> list[Sample]:
    if name == "polnear":
        return data.attribution(path, cutter)
    if name in {"uds", "uw", "meantime"}:
        return data.factuality(path, cutter, articles=name == "meantime", scale=int(name == "uds"))
    if name == "muc4":
        return data.incidents(path, cutter)
    return data.names([path], cutter, sentences=name != "worldwide")


def batches(samples: list[Sample]) -> Iterator[list[Sample]]:
    """Samples of similar length, at most BUDGET padded pieces together."""
    batch: list[Sample] = []
    for sample in sorted(samples, key=lambda s: len(s.window) + random.randint(0, 12)):
        longest = max([len(sample.window), *(len(s.window) for s in batch)]) + 2
        if batch and longest * (len(batch) + 1) > BUDGET:
            yield batch
            batch = []
        batch.append(sample)
    if batch:
        yield batch


def loss_of(net: Net, batch: list[Sample]) -> torch.Tensor:
    """The batch's loss, by its task."""
    ids, mask, shapes = (torch.from_numpy(a) for a in padded([s.window for s in batch], 16))
    if random.random() < 0.1:
        shapes = torch.zeros_like(shapes)  # texts in capitals are read too
    with torch.autocast("cpu", dtype=torch.bfloat16):
        h = net.encode(ids, mask, shapes)
    return LOSSES[batch[0].task](net, h.float(), batch)


def _labels(rows: list[np.ndarray], length: int) -> torch.Tensor:
    made = torch.full((len(rows), length), -100)
    for number, row in enumerate(rows):
        made[number, 1 : len(row) + 1] = torch.from_numpy(row)
    return made


def names_loss(net: Net, h: torch.Tensor, batch: list[Sample]) -> torch.Tensor:
    """Articles teach one head, single sentences the other; where a set does not mark peoples (NORP), their tags count as `no name`."""
    whole = batch[0].whole
    logits = net.names(h) if whole else net.open_names(h)
    if not whole:
        none = torch.logsumexp(logits[..., [0, 7, 8]], -1, keepdim=True)
        logits = torch.cat([none, logits[..., 1:7], torch.full_like(logits[..., 7:], -1e4)], -1)
    return functional.cross_entropy(logits.transpose(1, 2), _labels([s.names for s in batch], h.shape[1]))


def attribution_loss(net: Net, h: torch.Tensor, batch: list[Sample]) -> torch.Tensor:
    """Tags of cue, content and source, and the links from each cue to its content and source."""
    tags = net.tags(h).view(*h.shape[:2], 3, 3)
    total = sum(
        functional.cross_entropy(tags[:, :, row].transpose(1, 2), _labels([s.tags[row] for s in batch], h.shape[1])) for row in range(3)
    )
    answers = net.answer(h).view(*h.shape[:2], 2, LINK)
    linked, count = torch.zeros(()), 0
    for number, sample in enumerate(batch):
        if not sample.links:
            continue
        size = len(sample.window)
        inner = h[number, 1 : size + 1]
        asks = net.ask(torch.stack([inner[cue].mean(0) for cue, _, _ in sample.links])).view(-1, 2, LINK)
        scores = torch.einsum("crd,trd->crt", asks, answers[number, 1 : size + 1]) / math.sqrt(LINK) - 2
        wanted = torch.from_numpy(np.stack([np.stack([content, source]) for _, content, source in sample.links])).float()
        linked = linked + functional.binary_cross_entropy_with_logits(scores, wanted, reduction="sum") / size
        count += len(sample.links)
    return total + (4 * linked / count if count else 0.0)


def factuality_loss(net: Net, h: torch.Tensor, batch: list[Sample]) -> torch.Tensor:
    """Distance from people's figure, on the scale of their set."""
    found = [(h[i, torch.from_numpy(at) + 1].mean(0), score, s.scale) for i, s in enumerate(batch) for at, score in s.events]
    figures = net.fact(torch.stack([f for f, _, _ in found]))
    figures = figures.gather(1, torch.tensor([[scale] for _, _, scale in found]))[:, 0]
    return functional.smooth_l1_loss(figures, torch.tensor([score for _, score, _ in found]))


def incidents_loss(net: Net, h: torch.Tensor, batch: list[Sample]) -> torch.Tensor:
    """Tags of the six roles, and what each sentence tells of."""
    tags = net.roles(h).view(*h.shape[:2], len(ROLES), 3)
    total = sum(
        functional.cross_entropy(tags[:, :, row].transpose(1, 2), _labels([s.roles[row] for s in batch], h.shape[1]))
        for row in range(len(ROLES))
    )
    kinds = net.kinds(h)
    told = [(kinds[i, torch.from_numpy(at) + 1].mean(0), label) for i, s in enumerate(batch) for at, label in s.kinds]
    wanted = torch.from_numpy(np.stack([label for _, label in told]))
    return total + functional.binary_cross_entropy_with_logits(torch.stack([figure for figure, _ in told]), wanted)


LOSSES = {"names": names_loss, "attribution": attribution_loss, "factuality": factuality_loss, "incidents": incidents_loss}


def save(net: Net, out: Path, about: dict[str, object]) -> None:
    """Weights in half precision, with what they were made from beside them."""
    torch.save({key: value.half() for key, value in net.state_dict().items()}, out.with_suffix(".part"))
    out.with_suffix(".part").replace(out)
    out.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")


def train(options: argparse.Namespace) -> None:
    """Make a model."""
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = Net()
    net.load_base()
    if options.resume:
        net.load_state_dict({key: value.float() for key, value in torch.load(options.resume).items()})
    net.train()
    order, digests = load(options.data, clean=options.clean)
    total = min(options.steps or len(order), len(order))
    print(total, "steps of", len(order), "and", sum(len(s.window) for b in order for s in b), "pieces", flush=True)
    net.word.weight.requires_grad = False
    heads = [
        p for part in (net.names, net.open_names, net.tags, net.ask, net.answer, net.fact, net.roles, net.kinds) for p in part.parameters()
    ]
    known = {id(p) for p in heads}
    encoder = [p for p in net.parameters() if p.requires_grad and id(p) not in known]
    optimiser = torch.optim.AdamW([{"params": encoder, "lr": options.rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01, fused=True)
    bases = [group["lr"] for group in optimiser.param_groups]
    warm, began, seen, mean, end, high = max(10, total // 20), time.time(), 0, {}, total, 1.0
    step = options.done
    while step < end:
        if end == total and options.out.with_suffix(".stop").exists():
            high, end = (total - step) / total, min(total, step + STOPPING)
            stop_at = step
        share = min((step + 1) / warm, (total - step) / (total - warm))
        if end != total:
            share = high * (end - step) / (end - stop_at)
        for group, base in zip(optimiser.param_groups, bases, strict=True):
            group["lr"] = base * max(0.01, min(1.0, share))
        batch = order[step]
        loss = loss_of(net, batch)
        loss.backward()
        nn.utils.clip_grad_norm_([*encoder, *heads], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        task = batch[0].task
        mean[task] = 0.98 * mean.get(task, loss.item()) + 0.02 * loss.item()
        seen += sum(len(s.window) for s in batch)
        step += 1
        if step % 50 == 0:
            rate = seen / (time.time() - began)
            print(f"{step}/{end} {time.time() - began:.0f} s {rate:.0f} pieces/s", {k: round(v, 3) for k, v in mean.items()}, flush=True)
        if step % 300 == 0 or step == end:
            about = {"steps": step, "of": total, "pieces": seen, "seed": options.seed, "clean": options.clean, "sets": digests}
            save(net, options.out, about)
    print(f"{(time.time() - began) / 60:.1f} minutes")


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder a set")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go")
    parser.add_argument("--clean", action="store_true", help="openly licensed sets alone")
    parser.add_argument("--steps", type=int, help="fewer steps than the sets give")
    parser.add_argument("--resume", type=Path, help="weights of a training that was ended early")
    parser.add_argument("--done", type=int, default=0, help="steps of the plan that those weights have had")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--threads", type=int, default=1, help="two are twice as fast on an idle machine, and many times slower on a busy one"
    )
    train(parser.parse_args())


if __name__ == "__main__":
    main()
