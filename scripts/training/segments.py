"""The head that scores whole spans, as it is trained: a semi-Markov model over the words of a text for each label.

Sarawagi and Cohen, "Semi-Markov conditional random fields for information extraction" (2004); the score of a span
from its first and last word is the biaffine one of Yu et al., "Named entity recognition as dependency parsing" (2020).
`councilscope.tagging.segments` is the same in numpy, for use.
"""

from __future__ import annotations

import torch
from torch import nn

from councilscope.tagging.segments import LONGEST
from training.features import Example

NEVER = -1e4


class Segments(nn.Module):
    """Scores of spans for `labels` labels from word vectors of `width` numbers; edges are compared in `inner` numbers."""

    def __init__(self, width: int, labels: int, inner: int = 64) -> None:
        super().__init__()
        self.words = nn.Linear(width, 3 * labels)
        self.first = nn.Linear(width, inner)
        self.last = nn.Linear(width, inner)
        self.pair = nn.Parameter(torch.zeros(labels, inner, inner))
        self.lengths = nn.Parameter(torch.zeros(labels, LONGEST))
        self.labels = labels

    def forward(self, words: torch.Tensor, lines: torch.Tensor) -> torch.Tensor:
        """Scores (texts x labels x last word x length - 1) of all spans within a line, from words (texts x words x width).

        `lines` (texts x words) is the line of each word.
        """
        texts, n, _ = words.shape
        begin, inside, end = self.words(words).view(texts, n, self.labels, 3).permute(3, 0, 2, 1)
        first, last = torch.relu(self.first(words)), torch.relu(self.last(words))
        pairs = torch.einsum("bid,kde,bje->bkji", first, self.pair, last) / first.shape[-1] ** 0.5
        upto = torch.cumsum(inside, dim=-1)
        pairs = pairs + (begin - upto + inside)[:, :, None, :] + (end + upto)[:, :, :, None]
        at = torch.arange(n)[:, None] - torch.arange(LONGEST)[None, :]
        real = (at >= 0) & True
        at = at.clamp(min=0)
        scores = pairs.gather(3, at.expand(texts, self.labels, n, LONGEST)) + self.lengths[None, :, None, :]
        same = lines[:, at] == lines[:, :, None]
        return scores.masked_fill(~(same & real)[:, None], NEVER)

    def loss(self, words: torch.Tensor, batch: list[Example]) -> torch.Tensor:
        """How unlikely the marked spans are: the negative log-likelihood of the batch over its number of words."""
        texts, n, _ = words.shape
        lines = torch.full((texts, n), -1)
        for i, e in enumerate(batch):
            lines[i, : len(e.first)] = torch.from_numpy(e.lines)
        scores = self(words, lines)
        gold = words.new_zeros(())
        for i, e in enumerate(batch):
            for k, a, b, _ in e.spans:
                if b - a <= LONGEST and e.lines[a] == e.lines[b - 1]:
                    gold = gold + scores[i, k, b - 1, b - 1 - a]
        alpha = [words.new_zeros(texts, self.labels)]
        for j in range(n):
            most = min(j + 1, LONGEST)
            before = torch.stack(alpha[j + 1 - most : j + 1][::-1], dim=-1)
            ended = torch.logsumexp(before + scores[:, :, j, :most], dim=-1)
            alpha.append(torch.logaddexp(alpha[-1], ended))
        whole = torch.stack(alpha)
        lengths = torch.tensor([len(e.first) for e in batch])
        total = whole[lengths, torch.arange(texts)].sum()
        return (total - gold) / lengths.sum()
