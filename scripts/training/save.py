"""From a trained network to a model folder: cut vocabulary, int8 encoder, heads, manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer

from councilscope.encoder import write_manifest, write_npz
from councilscope.tagging.pieces import NEWLINE, Cutter
from training import export
from training.corpus import VALUES
from training.features import HEADS
from training.net import Net, base_folder

PLAIN = re.compile(r"(?:##)?(?:[a-z0-9]+|[^\w\s])")
MOST = 24_000
"""Vocabulary ranks kept whatever the corpus says; BERT's vocabulary is ordered by frequency."""


def cut_vocabulary(texts: list[dict[str, Any]]) -> tuple[dict[str, Any], np.ndarray]:
    """The tokenizer's description with fewer pieces, and the old ids of those that stay.

    Kept: the markers, the newline piece, every single character (so that nothing becomes unknown), the plain
    English pieces among the first `MOST`, and whatever the given texts use.
    """
    path = base_folder() / "tokenizer.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = described["model"]["vocab"]
    cutter = Cutter(Tokenizer.from_file(str(path)))
    used = {int(i) for t in texts for i in cutter.cut(t["text"], t["section"]).ids}
    keep = []
    for piece, old in sorted(vocabulary.items(), key=lambda kv: kv[1]):
        bare = piece.removeprefix("##")
        marker = piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", NEWLINE)
        if marker or len(bare) == 1 or old in used or (old < MOST and PLAIN.fullmatch(piece)):
            keep.append((piece, old))
    described["model"]["vocab"] = {piece: new for new, (piece, _) in enumerate(keep)}
    new_id = described["model"]["vocab"]
    for added in described["added_tokens"]:
        added["id"] = new_id[added["content"]]
    post = described.get("post_processor") or {}
    for name, entry in (post.get("special_tokens") or {}).items():
        entry["ids"] = [new_id[name]]
    for side in ("sep", "cls"):
        if side in post:
            post[side][1] = new_id[post[side][0]]
    described["padding"] = described["truncation"] = None
    return described, np.array([old for _, old in keep])


def heads(net: Net) -> dict[str, np.ndarray]:
    """The heads' weights as float32 arrays."""
    out = {"tags.weight": net.tags.weight, "tags.bias": net.tags.bias}
    for (label, key), head in zip(HEADS, net.attributes, strict=True):
        out[f"{label}.{key}.weight"], out[f"{label}.{key}.bias"] = head.weight, head.bias
    out |= {f"segments.{name}": value for name, value in net.segments.state_dict().items()}
    return {k: v.detach().numpy().astype(np.float32) for k, v in out.items()}


def write_encoder(net: Net, keep: np.ndarray, folder: Path) -> None:
    """`encoder.onnx`: int8 matrices, one scale a column, activations scaled per text."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    weights = {k: v.detach().numpy() for k, v in net.bert.state_dict().items()}
    weights["embeddings.word_embeddings.weight"] = weights["embeddings.word_embeddings.weight"][keep]
    config = net.bert.config
    model = export.build(weights, config.num_hidden_layers, config.num_attention_heads)
    plain = folder / "plain.onnx"
    onnx.save(model, str(plain))
    quantize_dynamic(
        str(plain),
        str(folder / "encoder.onnx"),
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )
    plain.unlink()


def write(
    net: Net,
    texts: list[dict[str, Any]],
    bank: list[dict[str, str]],
    folder: Path,
    facts: dict[str, Any],
    decoding: dict[str, Any],
) -> None:
    """Write the whole model folder; `texts` and the `bank` of causes are what it was trained on."""
    from training import corpus, fit_wording

    folder.mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        described, keep = cut_vocabulary(corpus.split("train", "validation"))
        (folder / "tokenizer.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        write_npz(folder / "heads.npz", heads(net))
        write_encoder(net, keep, folder)
    fit_wording.write(texts, bank, folder)
    values = {label: {k: list(v) for k, v in keys.items()} for label, keys in VALUES.items()}
    facts = {**facts, "pieces": len(keep), "values": values, "decoding": decoding}
    write_manifest(folder, facts, ["encoder.onnx", "heads.npz", "tokenizer.json", fit_wording.FILE])
