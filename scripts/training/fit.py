"""Training of the tagger's network: seeded, on the CPU, the same weights from the same corpus on the same machine."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from councilscope.tagging.pieces import Cutter
from training.features import Example, example
from training.net import Net


@dataclass(frozen=True)
class Settings:
    """What a run depends on besides the corpus."""

    keep: tuple[int, ...] = (0, 1, 2, 3)
    epochs: int = 5
    batch: int = 8
    rate: float = 5e-4
    decay_per_layer: float = 0.9
    heads_times: float = 5.0
    warmup: float = 0.1
    smoothing: float = 0.03
    average: float = (
        0.998  # how much of the running mean of the weights, which is what is kept, stays at each step
    )
    hide_section: float = 0.5
    tags: float = 0.5
    attributes: float = 0.15
    themes: float = 0.25
    seed: int = 11
    threads: int = 1


def groups(net: Net, s: Settings) -> list[dict[str, Any]]:
    """Parameters with their rates: the top layer the full rate, each layer below a little less, heads more."""
    layers = net.bert.encoder.layer
    out: list[dict[str, Any]] = []
    for i, layer in enumerate(layers):
        out.append(
            {"params": list(layer.parameters()), "lr": s.rate * s.decay_per_layer ** (len(layers) - 1 - i)}
        )
    heads = [p for m in (net.tags, net.segments, net.attributes, net.themes) for p in m.parameters()]
    out.append({"params": heads, "lr": s.rate * s.heads_times})
    for p in net.bert.embeddings.parameters():
        p.requires_grad_(False)
    return out


def batches(examples: list[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Batches of texts of similar length, in random order."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    out = []
    for i in range(0, len(order), size * 8):
        block = sorted(order[i : i + size * 8], key=lambda k: len(examples[k].ids))
        out += [[examples[k] for k in block[j : j + size]] for j in range(0, len(block), size)]
    rng.shuffle(out)
    return out


def fit(texts: list[dict[str, Any]], cutter: Cutter, s: Settings, log: Any = print) -> Net:
    """The trained network."""
    torch.set_num_threads(s.threads)
    torch.manual_seed(s.seed)
    np.random.seed(s.seed)
    rng = random.Random(s.seed)
    torch.use_deterministic_algorithms(True)
    net = Net(s.keep)
    optimiser = torch.optim.AdamW(groups(net, s), weight_decay=0.01, fused=True)
    shown = [example(t, cutter, t["section"])[0] for t in texts]
    hidden = [example(t, cutter, None)[0] for t in texts]
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(s.average))
    steps = s.epochs * math.ceil(len(texts) / s.batch)
    warm = max(1, int(s.warmup * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda k: min((k + 1) / warm, max(0.0, (steps - k) / max(1, steps - warm)))
    )
    started = time.monotonic()
    for epoch in range(s.epochs):
        net.train()
        total = 0.0
        pick = [h if rng.random() < s.hide_section else w for w, h in zip(shown, hidden, strict=True)]
        for batch in batches(pick, s.batch, rng):
            loss = net.losses(batch, s.tags, s.attributes, s.themes, s.smoothing)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            averaged.update_parameters(net)
            total += float(loss.detach()) * len(batch)
        log(f"epoch {epoch + 1}: loss {total / len(texts):.3f} ({time.monotonic() - started:.0f} s)")
    kept: Net = averaged.module
    kept.eval()
    return kept
