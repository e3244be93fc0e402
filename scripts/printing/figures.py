"""A printed figure or target to the fields that gold has for it."""

from __future__ import annotations

import re
from typing import Any

FIGURE = re.compile(
    r"(?P<pound>£)?(?P<sign>[-\u2212])?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>[mk]\b)?\s*(?P<unit>%|[A-Za-z]+)?"
)
FRACTION = re.compile(r"\(?\s*(\d[\d,]*)\s*(?:/|out of|of)\s*(\d[\d,]*)\s*\)?")
WORDED = {
    "at least": ">=",
    "no more than": "<=",
    "no fewer than": ">=",
    "up to": "<=",
    "under": "<",
    "below": "<",
    "above": ">",
    "over": ">",
    "≥": ">=",
    "≤": "<=",
    "<": "<",
    ">": ">",
}
UNITS = {"%", "days", "weeks", "minutes", "seconds", "hours", "kg", "tonnes"}


def number(text: str) -> float | int:
    value = float(text.replace(",", ""))
    return int(value) if value.is_integer() and "." not in text else value


def figure(text: str) -> dict[str, Any]:
    """The figure of a cell as stated: value, numerator, denominator, unit; null where it is in words."""
    found: dict[str, Any] = {"value": None, "numerator": None, "denominator": None, "unit": None}
    rest = text
    if fraction := FRACTION.search(text):
        found["numerator"], found["denominator"] = (number(g) for g in fraction.groups())
        rest = text[: fraction.start()] + text[fraction.end() :]
    if re.match(r"[A-Za-z]", rest.strip()) and not any(rest.lower().strip().startswith(w) for w in WORDED):
        return found
    if m := FIGURE.search(rest):
        found["value"] = number(m["number"]) * (-1 if m["sign"] else 1)
        unit = m["unit"] if (m["unit"] or "").lower() in UNITS else None
        found["unit"] = "£" + (m["scale"] or "") if m["pound"] else unit
    return found


def target(text: str, kind: str) -> dict[str, Any] | None:
    """A target as printed; a due date (of an action) and a target in words have no value."""
    if not text:
        return None
    start = text.lower().strip()
    sign = next((sign for word, sign in WORDED.items() if start.startswith(word)), None)
    found = {"value": None, "unit": None} if kind == "action" else figure(text)
    return {
        "text": text,
        "value": found["value"],
        "unit": found["unit"],
        "comparator": sign if found["value"] is not None else None,
    }
