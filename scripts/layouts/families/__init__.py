"""Every family of layouts by name."""

from layouts.families import cards, forms, prose, sheets, tables
from layouts.families.base import Family

FAMILIES: dict[str, Family] = {
    f.name: f for module in (forms, tables, cards, prose, sheets) for f in module.FAMILIES
}
