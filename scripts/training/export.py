"""Write a fine-tuned BERT encoder as an ONNX graph for one text at a time, without torch's exporter.

The graph takes `ids` (int64, n word pieces) and gives `vectors` (float32, n x width). One text a call means no
padding and no mask, so that an answer cannot depend on its neighbours in a batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20


@dataclass
class Graph:
    """Nodes and constants in the making; every method returns the name of its result."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, np.ndarray] = field(default_factory=dict)
    count: int = 0

    def const(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = value
        return name

    def op(self, kind: str, *inputs: str, **attributes: object) -> str:
        self.count += 1
        out = f"{kind}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], name=out, **attributes))
        return out

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        y = self.op("MatMul", x, self.const(f"{name}.weight", np.ascontiguousarray(weight.T)))
        return self.op("Add", y, self.const(f"{name}.bias", bias))

    def norm(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        scale = self.const(f"{name}.scale", weight)
        return self.op(
            "LayerNormalization", x, scale, self.const(f"{name}.shift", bias), axis=-1, epsilon=1e-12
        )


def rows_to_int8(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix as int8 with one float32 scale a row."""
    scale = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-8) / 127
    return np.round(matrix / scale).astype(np.int8), scale.astype(np.float32)


def embed(g: Graph, weights: dict[str, np.ndarray]) -> str:
    """Word piece and position embeddings; the piece table is kept as int8 with a scale a row."""
    table, scale = rows_to_int8(weights["embeddings.word_embeddings.weight"])
    rows = g.op("Gather", g.const("pieces", table), "ids", axis=0)
    rows = g.op("Cast", rows, to=TensorProto.FLOAT)
    words = g.op("Mul", rows, g.op("Gather", g.const("pieces.scale", scale), "ids", axis=0))
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = g.op("Shape", "ids")
    zero, one = g.const("zero", np.array([0], np.int64)), g.const("one", np.array([1], np.int64))
    position = g.op("Slice", g.const("positions", places.astype(np.float32)), zero, length, zero, one)
    x = g.op("Add", words, position)
    return g.norm(
        x, "embeddings", weights["embeddings.LayerNorm.weight"], weights["embeddings.LayerNorm.bias"]
    )


def attend(g: Graph, x: str, weights: dict[str, np.ndarray], p: str, heads: int) -> str:
    """Self-attention of one layer over the whole text."""
    names = ["query", "key", "value"]
    joint = np.concatenate([weights[f"{p}.attention.self.{n}.weight"] for n in names])
    bias = np.concatenate([weights[f"{p}.attention.self.{n}.bias"] for n in names])
    width = joint.shape[1]
    size = width // heads
    joint[:width] /= np.sqrt(size)
    bias[:width] /= np.sqrt(size)
    qkv = g.linear(x, f"{p}.qkv", joint, bias)
    shape = g.const("split", np.array([0, 3, heads, size], np.int64))
    qkv = g.op("Transpose", g.op("Reshape", qkv, shape), perm=[1, 2, 0, 3])
    parts = [g.op("Gather", qkv, g.const(f"pick{i}", np.array(i, np.int64)), axis=0) for i in range(3)]
    scores = g.op("Softmax", g.op("MatMul", parts[0], g.op("Transpose", parts[1], perm=[0, 2, 1])), axis=-1)
    mixed = g.op("Transpose", g.op("MatMul", scores, parts[2]), perm=[1, 0, 2])
    mixed = g.op("Reshape", mixed, g.const("join", np.array([0, width], np.int64)))
    name = f"{p}.attention.output"
    y = g.linear(mixed, f"{name}.dense", weights[f"{name}.dense.weight"], weights[f"{name}.dense.bias"])
    return g.norm(
        g.op("Add", y, x), name, weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"]
    )


def feed_forward(g: Graph, x: str, weights: dict[str, np.ndarray], p: str) -> str:
    """The two dense layers of one layer."""
    inner, outer = f"{p}.intermediate.dense", f"{p}.output.dense"
    y = g.op("Gelu", g.linear(x, inner, weights[f"{inner}.weight"], weights[f"{inner}.bias"]))
    y = g.linear(y, outer, weights[f"{outer}.weight"], weights[f"{outer}.bias"])
    name = f"{p}.output"
    return g.norm(
        g.op("Add", y, x), name, weights[f"{name}.LayerNorm.weight"], weights[f"{name}.LayerNorm.bias"]
    )


def build(weights: dict[str, np.ndarray], layers: int, heads: int) -> onnx.ModelProto:
    """The whole encoder as a checked ONNX model with float32 layers."""
    weights = {k: v.astype(np.float32).copy() for k, v in weights.items()}
    width = weights["embeddings.LayerNorm.weight"].shape[0]
    g = Graph()
    x = embed(g, weights)
    for i in range(layers):
        p = f"encoder.layer.{i}"
        x = feed_forward(g, attend(g, x, weights, p, heads), weights, p)
    g.nodes.append(helper.make_node("Identity", [x], ["vectors"]))
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", width])],
        [numpy_helper.from_array(v, k) for k, v in g.constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="councilscope", ir_version=9
    )
    onnx.checker.check_model(model)
    return model
