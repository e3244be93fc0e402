"""Tables from what is drawn: rules and fills to a grid, the grid to cells, words and icons into cells.

Edges of drawn lines and filled rectangles are snapped together, groups of touching edges become grids, and
elementary cells without a wall between them are one merged cell. A grid whose rows are ruled but whose
columns are not gets its columns from the white space that runs through its lines.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from councilscope.page import Fill, Page, Shape, Word
from councilscope.tables.below import with_rows_below
from councilscope.tables.captions import without_captions
from councilscope.tables.cells import Cell, PageTables, Table
from councilscope.tables.columns import with_columns
from councilscope.tables.edges import (
    Edge,
    beside_merged,
    components,
    line_above,
    merge_edges,
    page_edges,
    split_fills,
    stacks,
)
from councilscope.tables.facing import find_facing, with_open_cells
from councilscope.tables.figures import find_figures, is_all_figures, is_coarse
from councilscope.tables.grid import apart, make_grid
from councilscope.tables.headed import find_headed, in_proper_grid
from councilscope.tables.joins import join_labels, join_pieces
from councilscope.tables.lists import find_pairs, split_list
from councilscope.tables.nested import with_nested
from councilscope.tables.parted import with_rows_parted
from councilscope.tables.turned import with_turned
from councilscope.tables.unruled import find_unruled

__all__ = ["Cell", "PageTables", "Table", "find_tables", "tables_of"]


def tables_of(page: Page) -> list[Table]:
    """Tables of a page from top to bottom, boxes with text left out.

    from councilscope.pdf import read_pages
    from councilscope.tables import tables_of

    rows = [[c.text for c in t.row(0)] for p in read_pages("report.pdf").pages for t in tables_of(p)]
    """
    return [t for found in find_tables(page).tables if not (t := without_captions(found)).is_box]


def find_tables(page: Page) -> PageTables:
    """All grids of a page. Every word of the page is in exactly one cell or among the words left."""
    fills, squares = split_fills(page)
    shapes = [*page.shapes, *squares]
    h, v = page_edges(page, fills)
    h, v = merge_edges(h), merge_edges(v)
    tables: list[Table] = []
    taken: set[int] = set()
    words = list(page.words)
    at = {id(w): i for i, w in enumerate(words)}
    figures: set[int] = set()
    stacked: set[int] = set()
    guessed: dict[int, Table] = {}  # tables whose columns are white space alone
    parts = components(h, v)
    inner = _inside_others(parts)
    for k in inner:  # a table within a box is a table, not words of the box
        held = set(taken)
        table = make_grid(page, *parts[k], words, held, fills, shapes)
        if table is not None and _is_proper(table) and not is_coarse(table):
            tables.append(table)
            taken |= held
        else:
            inner = inner - {k}
    for k, (hs, vs) in enumerate(parts):
        if k in inner or _frames_a_table(hs, vs, parts, page.width):
            continue  # a frame around a table and text: its words flow as if the frame were not there
        table = make_grid(page, hs, vs, words, taken, fills, shapes)
        if table is not None and is_coarse(table):
            taken -= {at[id(w)] for c in table.cells for w in c.words}
        elif table is not None:
            tables += apart(table)
    for table in find_figures(page, [w for i, w in enumerate(words) if i not in taken], h, v, shapes):
        if not is_all_figures(table) or _is_facts(table):
            continue  # a scorecard, or lines of facts: what follows knows these better
        tables.append(table)
        figures.add(id(table))
        guessed[id(table)] = table
        taken |= {at[id(w)] for c in table.cells for w in c.words}
    lone = [e for hs, vs in parts if not vs for e in hs]
    free = [w for i, w in enumerate(words) if i not in taken]
    for hs in stacks(lone, free, [t.box for t in tables]):
        head = line_above(hs, free)
        within, side = beside_merged([*head, *hs], lone, free)
        table = make_grid(page, [*head, *hs, *within], side, words, taken, fills, shapes)
        if table is not None:
            stacked.add(id(table))
            tables.append(table)
    tables = [
        t
        if id(t) in figures
        else split_list(guessed.setdefault(id(t), with_columns(t)))
        if id(t) in stacked
        else with_rows_parted(with_columns(t))
        for t in tables
    ]
    tables, taken = _with_headed(page, tables, fills, shapes, h, guessed.values())
    left = [w for i, w in enumerate(words) if i not in taken]
    tables, left = join_pieces(page, tables, left, shapes)
    tables, left = join_labels(page, tables, left)
    for table in find_unruled(page, left, shapes):
        tables.append(table)
        left = _without(left, table)
    tables, left = find_facing(page, tables, left, shapes)
    for table in find_figures(page, left, h, v, shapes):
        if not _is_facts(table):
            tables.append(table)
            left = _without(left, table)
    tables, left = with_open_cells(tables, left)
    for table in find_pairs(page, left):
        tables.append(table)
        left = _without(left, table)
    if turned := [w for w in page.words if w.angle]:
        tables = [with_turned(t, turned, h) for t in tables]
        held = {id(w) for t in tables for c in t.cells for w in c.words}
        left = [w for w in left if id(w) not in held]
    tables = [with_nested(t) for t in tables]
    in_cells_s = {id(s) for t in tables for c in t.cells for s in c.shapes}
    in_cells_p = {id(p) for t in tables for c in t.cells for p in c.pictures}
    return PageTables(
        tables=sorted(tables, key=lambda t: (t.box.y0, t.box.x0)),
        words=left,
        shapes=[s for s in shapes if id(s) not in in_cells_s],
        pictures=[p for p in page.pictures if id(p) not in in_cells_p],
    )


def _with_headed(
    page: Page,
    tables: list[Table],
    fills: list[Fill],
    shapes: list[Shape],
    rules: list[Edge],
    guessed: Collection[Table],
) -> tuple[list[Table], set[int]]:
    """Tables with those found by their headings, which take the place of boxes and pieces that lie within them, and of
    `guessed` tables, whose columns are white space alone, where they know more columns.

    Also the indexes of the page's words that all of them hold.
    """
    out = list(tables)

    def is_read(heads: Sequence[Word]) -> bool:
        return in_proper_grid(heads, [t for t in out if t not in guessed])

    for table in find_headed(page, page.words, fills, shapes, rules, is_read):
        sure = [t for t in out if not (t in guessed and t.n_cols < table.n_cols)]
        if in_proper_grid((w for c in table.row(0) for w in c.words), sure):
            continue
        rest = [t for t in out if t.box.intersection(table.box) < 0.6 * t.box.area]
        mine = {id(w) for c in table.cells for w in c.words}
        if any(id(w) in mine for t in rest for c in t.cells for w in c.words):
            continue
        lost = {id(w) for t in out if t not in rest for c in t.cells for w in c.words} - mine
        if len(lost) > 0.1 * len(mine):
            continue
        out = [*rest, table]
    out = with_rows_below(page, out, fills, shapes, rules)
    held = {id(w) for t in out for c in t.cells for w in c.words}
    return out, {i for i, w in enumerate(page.words) if id(w) in held}


def _inside_others(parts: Sequence[tuple[list[Edge], list[Edge]]]) -> frozenset[int]:
    """Which groups of edges, with three level and three upright ones at least, lie wholly within another group's outline."""
    outlines = [
        (
            min([e.lo for e in hs] + [e.pos for e in vs]),
            min([e.pos for e in hs] + [e.lo for e in vs]),
            max([e.hi for e in hs] + [e.pos for e in vs]),
            max([e.pos for e in hs] + [e.hi for e in vs]),
        )
        for hs, vs in parts
    ]
    return frozenset(
        k
        for k, (x0, y0, x1, y1) in enumerate(outlines)
        if len(parts[k][0]) >= 3
        and len(parts[k][1]) >= 3
        and any(
            j != k and a < x0 and b < y0 and x1 < c and y1 < d and parts[j][1]
            for j, (a, b, c, d) in enumerate(outlines)
        )
    )


def _is_proper(table: Table) -> bool:
    """Whether a grid has two rows and columns and words in half of its cells at least."""
    held = sum(1 for c in table.cells if c.words)
    return table.n_rows >= 2 and table.n_cols >= 2 and held >= 4 and 2 * held >= len(table.cells)


def _is_facts(table: Table) -> bool:
    """Whether cells hold labels and values ("Quarter 3: 142"), or half of the rows no figure: text, no table of figures."""
    texts = [c.text for c in table.cells if c.words]
    rows = [table.row(r) for r in range(1, table.n_rows)]
    told = sum(1 for row in rows if any(any(ch.isdigit() for ch in c.text) for c in row if c.col0))
    return sum(":" in t for t in texts) >= 0.15 * len(texts) or told < 0.6 * len(rows)


def _without(words: list[Word], table: Table) -> list[Word]:
    held = {id(w) for c in table.cells for w in c.words}
    return [w for w in words if id(w) not in held]


def _frames_a_table(
    hs: Sequence[Edge], vs: Sequence[Edge], parts: Sequence[tuple[list[Edge], list[Edge]]], width: float
) -> bool:
    """Whether edges are one plain frame, most of the page wide, with a grid of at least two rows and three columns inside."""
    if len(hs) != 2 or len(vs) != 2:
        return False
    x0, x1 = sorted(e.pos for e in vs)
    if x1 - x0 < 0.6 * width:
        return False  # cards beside each other are read box by box
    y0, y1 = sorted(e.pos for e in hs)
    return any(
        len(inner_h) >= 3
        and len({round(e.pos) for e in inner_v}) >= 4
        and all(y0 < e.pos < y1 and x0 < e.lo and e.hi < x1 for e in inner_h)
        and all(x0 < e.pos < x1 for e in inner_v)
        for inner_h, inner_v in parts
    )
