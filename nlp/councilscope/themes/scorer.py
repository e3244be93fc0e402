"""The scores of a fitted theme classifier, with numpy alone: what running needs, without scikit-learn.

Features of a text, one block beside the other: how often the words of each theme of the codebook occur; what the tagger
found (the themes of its causes, the codebook's words inside causes and inside actions); the section; words and word
pairs (TF-IDF); character 3- to 5-grams within words (TF-IDF); the encoder's text vector. One linear model a theme over
all of them; scores calibrated on texts that the model was not fitted on.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, Self, get_args

import numpy as np

from councilscope.codebook import Codebook, shipped
from councilscope.records import Section, Span
from councilscope.tagging import Passage, Tagged, Tagger, load_tagger, themes

TOKEN = re.compile(r"[a-z]{2,}(?:['’][a-z]+)?")
STOP = frozenset(
    "the of and to in is for on by with at as be are was were has have had been this that from it an or which will we our not but its"
    " there their they than these who would all also into more no so can".split()
)
SECTIONS: tuple[str, ...] = get_args(Section)
CHARS = (3, 4, 5)


class Sample(NamedTuple):
    """A text with what the tagger made of it: the encoder's vector (or none), its section, its spans."""

    text: str
    vector: np.ndarray | None = None
    section: str | None = None
    spans: tuple[Span, ...] = ()


@cache
def tagger() -> Tagger:
    """The shipped tagger, which gives texts their vectors and spans; loaded once."""
    return load_tagger()


@cache
def shipped_places() -> dict[str, int]:
    """The number of each theme that the tagger gives to causes."""
    return {t.id: i for i, t in enumerate(themes())}


def sampled(passage: Passage, tagged: Tagged) -> Sample:
    """A passage and what the tagger made of it, as a sample."""
    return Sample(passage.text, tagged.vector, passage.section, tagged.spans)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, stop words left out."""
    return [w for w in TOKEN.findall(text.lower()) if w not in STOP]


def grams(text: str) -> Counter[str]:
    """Words and pairs of neighbouring words, stop words left out, with their counts."""
    words = words_of(text)
    return Counter(words) + Counter(f"{a} {b}" for a, b in itertools.pairwise(words))


def char_grams(word: str) -> list[str]:
    """The pieces of 3 to 5 characters of a word, a space before and after it included."""
    padded = f" {word} "
    return [padded[i : i + n] for n in CHARS for i in range(len(padded) - n + 1)]


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Probability from log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))))


class Scorer:
    """Features, log odds, calibrated scores and labels of texts; see `ThemeClassifier` for how it is fitted."""

    codebook: Codebook | None = None
    tagged: bool = True
    lexicon_weight: float
    tag_weight: float
    section_weight: float
    word_weight: float
    char_weight: float
    vector_weight: float
    classes_: np.ndarray
    vocabulary_: dict[str, int]
    chars_: dict[str, int]
    idf_: np.ndarray
    char_idf_: np.ndarray
    weights_: np.ndarray
    intercept_: np.ndarray
    mean_: np.ndarray
    spread_: np.ndarray
    thresholds_: np.ndarray
    slope_: float
    shift_: float

    # ------------------------------------------------------------------ texts to features

    @property
    def book(self) -> Codebook:
        """The codebook whose words are looked for: the given one, or the project's."""
        return self.codebook or shipped()

    def samples(self, X: Iterable[Any]) -> list[Sample]:
        """Samples of texts, passages, rows of a frame with `text` (and `section`), or samples, which stay as they are.

        What is no sample yet goes through the shipped tagger, unless `tagged` is False.
        """
        if hasattr(X, "columns"):
            sections = X["section"] if "section" in X.columns else [None] * len(X["text"])  # type: ignore[index]
            given: list[Any] = [
                Passage(t, s if isinstance(s, str) else None)
                for t, s in zip(X["text"], sections, strict=True)  # type: ignore[index]
            ]
        else:
            given = list(X)
        out: dict[int, Sample] = {i: x for i, x in enumerate(given) if isinstance(x, Sample)}
        bare = [i for i in range(len(given)) if i not in out]
        passages = [x if isinstance(x, Passage) else Passage(str(x)) for x in (given[i] for i in bare)]
        if self.tagged and passages:
            out |= {i: sampled(p, t) for i, p, t in zip(bare, passages, tagger().pipe(passages), strict=True)}
        else:
            out |= {i: Sample(p.text, None, p.section) for i, p in zip(bare, passages, strict=True)}
        return [out[i] for i in range(len(given))]

    @property
    def sizes(self) -> dict[str, int]:
        """How many columns each block has, in their order."""
        n = len(self.book.codes)
        return {
            "lexicon": 2 * n,
            "tags": len(themes()) + 2 * n,
            "sections": len(SECTIONS),
            "words": len(self.vocabulary_),
            "chars": len(self.chars_),
            "vector": len(self.mean_),
        }

    @property
    def starts(self) -> dict[str, int]:
        """The first column of each block."""
        sizes = self.sizes
        ends = itertools.accumulate(sizes.values(), initial=0)
        return dict(zip(sizes, ends, strict=False))

    def dense(self, sample: Sample) -> np.ndarray:
        """The blocks `lexicon`, `tags` and `sections` of one text, weighted."""
        n, given = len(self.book.codes), shipped_places()
        hits, causes = [0.0] * n, [0.0] * len(given)
        inside = {"CAUSE": [0.0] * n, "ACTION": [0.0] * n}
        spans = [(s.start, s.end, inside[s.label]) for s in sample.spans if s.label in inside]
        for hit in self.book.finder.find(sample.text):
            hits[hit.theme] += 1
            for start, end, counts in spans:
                if start <= hit.start and hit.end <= end:
                    counts[hit.theme] += 1
        for s in sample.spans:
            if s.label == "CAUSE" and (k := given.get(s.attrs.get("theme") or "")) is not None:
                causes[k] += s.score
        out = np.array(
            [
                *hits,
                *hits,
                *causes,
                *inside["CAUSE"],
                *inside["ACTION"],
                *(s == sample.section for s in SECTIONS),
            ]
        )
        tags = slice(2 * n, len(out) - len(SECTIONS))
        out[:n] = np.log1p(out[:n]) * self.lexicon_weight
        out[n : 2 * n] *= self.lexicon_weight / (sum(hits) or 1.0)
        out[tags] = np.log1p(out[tags]) * self.tag_weight
        out[tags.stop :] *= self.section_weight
        return out

    def words(self, text: str) -> tuple[list[int], np.ndarray]:
        """The vocabulary's columns that a text has, and their unit-length TF-IDF values."""
        known = self.vocabulary_
        return tf_idf({known[g]: n for g, n in grams(text).items() if g in known}, self.idf_)

    def chars(self, text: str) -> tuple[list[int], np.ndarray]:
        """The same for the character pieces."""
        return tf_idf(
            Counter(itertools.chain.from_iterable(map(self.pieces, words_of(text)))), self.char_idf_
        )

    def pieces(self, word: str) -> list[int]:
        """The columns of a word's character pieces."""
        known: dict[str, list[int]] = self.__dict__.setdefault("_pieces", {})
        if word not in known:
            if len(known) > 50_000:
                known.clear()
            known[word] = [self.chars_[g] for g in char_grams(word) if g in self.chars_]
        return known[word]

    def vector(self, sample: Sample) -> np.ndarray:
        """The standardised and weighted text vector, zeros where there is none."""
        if sample.vector is None or not len(self.mean_):
            return np.zeros(len(self.mean_))
        return (sample.vector - self.mean_) / self.spread_ * (self.vector_weight / np.sqrt(len(self.mean_)))

    def row(self, sample: Sample) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one text."""
        dense, words, chars = self.dense(sample), self.words(sample.text), self.chars(sample.text)
        first = len(dense)
        columns = [
            np.arange(first),
            np.array(words[0], int) + first,
            np.array(chars[0], int) + (first + len(self.vocabulary_)),
            np.arange(len(self.mean_)) + (first + len(self.vocabulary_) + len(self.chars_)),
        ]
        values = [dense, words[1] * self.word_weight, chars[1] * self.char_weight, self.vector(sample)]
        return np.concatenate(columns), np.concatenate(values)

    # ------------------------------------------------------------------ features to scores

    def decision_function(self, X: Iterable[Any]) -> np.ndarray:
        """Log odds before calibration (texts x themes)."""
        samples = self.samples(X)
        # Summed a text at a time: a matrix product may round differently with the number of rows.
        out = np.zeros((len(samples), len(self.intercept_)))
        for row, sample in zip(out, samples, strict=True):
            columns, values = self.row(sample)
            row[:] = self.intercept_ + values.astype(np.float32) @ self.weights_[columns]
        return out

    def predict_proba(self, X: Iterable[Any]) -> np.ndarray:
        """Calibrated scores (texts x themes)."""
        odds = self.decision_function(X)
        return sigmoid(self.slope_ * odds + self.shift_)

    def predict(self, X: Iterable[Any]) -> np.ndarray:
        """0/1 matrix: the scores that reach their theme's threshold."""
        return (self.predict_proba(X) >= self.thresholds_).astype(int)

    def explain(self, text: Any, most: int = 8) -> dict[str, list[tuple[str, float]]]:
        """For each theme that the text gets: the words that carried it, with their weight in log odds, heaviest first.

        A word's weight is that of the codebook's phrase it belongs to, of the word, its pairs and its pieces. The
        section, the tagger's findings and the encoder's vector have their say too, but no words to show for it.
        """
        sample = self.samples([text])[0]
        found = np.flatnonzero(self.predict([sample])[0])
        carried = self._carried(sample)
        out = {}
        for k in found:
            best = sorted(((w, float(v[k])) for w, v in carried.items()), key=lambda kv: (-kv[1], kv[0]))
            out[str(self.classes_[k])] = [(w, round(v, 3)) for w, v in best[:most] if v >= 0.0005]
        return out

    def _carried(self, sample: Sample) -> dict[str, np.ndarray]:
        """What each word or phrase adds to the log odds of every theme."""
        starts, n = self.starts, len(self.book.codes)
        carried: dict[str, np.ndarray] = {}

        def add(word: str, share: np.ndarray) -> None:
            carried[word] = carried.get(word, 0.0) + self.slope_ * share

        hits = list(self.book.finder.find(sample.text))
        counts = Counter(h.theme for h in hits)
        for h in hits:
            phrase, each = sample.text[h.start : h.end].lower(), np.log1p(counts[h.theme]) / counts[h.theme]
            own = self.weights_[h.theme] * each + self.weights_[n + h.theme] / len(hits)
            add(phrase, own * self.lexicon_weight)
        names = list(self.vocabulary_)
        for i, value in zip(*self.words(sample.text), strict=True):
            add(names[i], self.weights_[starts["words"] + i] * value * self.word_weight)
        said = words_of(sample.text)
        total = Counter(itertools.chain.from_iterable(map(self.pieces, said)))
        value_of = dict(zip(*self.chars(sample.text), strict=True))
        for word in said:
            for i in self.pieces(word):
                share = self.weights_[starts["chars"] + i] * (value_of[i] / total[i])
                add(word, share * self.char_weight)
        return carried

    # ------------------------------------------------------------------ to files and back

    def arrays(self) -> dict[str, np.ndarray]:
        """The fitted numbers, for an .npz file."""
        return {
            "weights": self.weights_,
            "intercept": self.intercept_,
            "idf": self.idf_,
            "char_idf": self.char_idf_,
            "mean": self.mean_,
            "spread": self.spread_,
            "thresholds": self.thresholds_,
            "calibration": np.array([self.slope_, self.shift_]),
        }

    @classmethod
    def restored(
        cls, facts: dict[str, Any], arrays: dict[str, np.ndarray], codebook: Codebook | None
    ) -> Self:
        """The scorer that `facts` and `arrays` were taken from; the parameters become its attributes."""
        out = cls()
        for name, value in facts["parameters"].items():
            if not name.isidentifier() or name.startswith("_") or callable(getattr(cls, name, None)):
                raise ValueError(f"{name} is no parameter")
            setattr(out, name, value)
        out.codebook = codebook
        out.classes_ = np.array(facts["themes"], dtype=object)
        out.vocabulary_ = {g: i for i, g in enumerate(facts["vocabulary"])}
        out.chars_ = {g: i for i, g in enumerate(facts["characters"])}
        out.weights_, out.intercept_ = arrays["weights"], arrays["intercept"]
        out.idf_, out.char_idf_ = arrays["idf"], arrays["char_idf"]
        out.mean_, out.spread_, out.thresholds_ = arrays["mean"], arrays["spread"], arrays["thresholds"]
        out.slope_, out.shift_ = (float(x) for x in arrays["calibration"])
        if len(out.weights_) != sum(out.sizes.values()):
            raise ValueError("its weights do not fit its features")
        return out


def tf_idf(counts: dict[int, int], idf: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Columns and their values (1 + log count) * idf, scaled to length one."""
    columns = list(counts)
    values = (1 + np.log(np.fromiter(counts.values(), float, len(columns)))) * idf[columns]
    return columns, values / (np.linalg.norm(values) or 1.0)
