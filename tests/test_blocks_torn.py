"""Lists that a page tears: groups named at the foot, titles cut in two, the comments on the facing page; who owns what."""

from __future__ import annotations

from councilscope.blocks import Segmented, segment
from councilscope.blocks.headings import group_status
from councilscope.status import Key
from pages import PALE, C, Sheet, document, opening

Row = list[C | str | None]

WHY = "The two crews of the north depot were short of drivers from the first week of May to the end of June."
NEXT = (
    "Four drivers start in July and the rounds of the north depot are to be drawn anew by the end of August."
)
HEAD: Row = ["Ref", "Measure", "Target", "Q1 21/22"]
WIDTHS = [50, 270, 70, 70]


def read(*sheets: Sheet) -> Segmented:
    return segment(document(opening(), *sheets))


def page(number: int, widths: list[int], rows: list[Row]) -> Sheet:
    sheet = Sheet(number)
    sheet.table(widths, rows, head=1)
    return sheet


def group(text: str) -> Row:
    return [C(f"**{text}**", cols=4, fill=PALE), None, None, None]


def services(found: Segmented) -> dict[str | None, str | None]:
    return {b.ref: b.service for b in found.blocks}


LONG = (
    "Aim 2: Keep the roads and paths of the district safe and clean for all who walk, ride or drive on them, "
    "and mend what breaks before the winter comes"
)
FIRST: list[Row] = [HEAD, group("Waste"), ["W1", "Bins collected on the day due", "98%", "97%"], group(LONG)]
SECOND: list[Row] = [HEAD, ["R1", "Street lights mended in a week", "90%", "92%"]]


def test_a_group_named_by_the_last_row_of_a_page_holds_on_the_next() -> None:
    assert services(read(page(2, WIDTHS, FIRST), page(3, WIDTHS, SECOND))) == {"W1": "Waste", "R1": LONG}


def test_comments_and_owners_on_the_facing_page_do_not_end_the_list() -> None:
    facing: list[Row] = [
        ["Ref", "Commentary", "Lead officer"],
        ["Waste", "", ""],
        ["W1", WHY, "Bethan Ogle"],
        ["Aim 2", "", ""],
    ]
    found = read(page(2, WIDTHS, FIRST), page(3, [50, 300, 100], facing), page(4, WIDTHS, SECOND))
    assert services(found) == {"W1": "Waste", "R1": LONG}
    assert [c.text for c in found.blocks[0].commentary] == [WHY]
    assert [o.name for o in found.blocks[0].owners] == ["Bethan Ogle"]


def test_the_rest_of_a_coded_title_over_the_page_is_no_item_of_its_own() -> None:
    head: Row = ["Measure", "Why is it off target?", "What we are doing", "Owner"]
    widths = [120, 150, 150, 75]
    found = read(
        page(2, widths, [head, ["1.1 Bins collected on the day due", WHY, NEXT, "Bethan Ogle"],
                         ["1.2 Visits to the museums of Ardley and", "Fewer came by coach in", "A ticket for", ""]]),
        page(3, widths, [head, ["Castle Hill", f"June than in May. {WHY}", f"both is planned. {NEXT}", ""],
                         ["1.3 Street lights mended in a week", WHY, NEXT, "Bethan Ogle"]]),
    )  # fmt: skip
    assert [b.ref for b in found.blocks] == ["1.1", "1.2", "1.3"]
    museums = found.blocks[1]
    assert museums.title == "Visits to the museums of Ardley and Castle Hill"
    assert [(c.section, " ".join(c.text.split())) for c in museums.commentary] == [
        ("reason", f"Fewer came by coach in June than in May. {WHY}"),
        ("action", f"A ticket for both is planned. {NEXT}"),
    ]


def test_a_body_named_after_the_post_is_no_second_owner() -> None:
    rows: list[Row] = [
        ["Ref", "Measure", "Target", "Q1 21/22", "Owner"],
        ["W2", "Fly-tips cleared in time", "90%", "92%", "Bethan Ogle\nWaste Client Officer,\nArdley Waste Trust"],
    ]  # fmt: skip
    (block,) = read(page(2, [40, 180, 60, 60, 110], rows)).blocks
    assert [(o.name, o.role) for o in block.owners] == [
        ("Bethan Ogle", "Waste Client Officer, Ardley Waste Trust")
    ]


def test_a_form_asks_which_way_is_good_beside_its_periods_and_names_its_aim() -> None:
    sheet = Sheet(2)
    sheet.table(
        [90, 90, 90, 90, 90],
        [
            [C("Fires in dwellings by accident", cols=4, fill=PALE), None, None, None, C("RED", fill=PALE)],
            [C("Strategic aim: Prevent", cols=2), None, C("Owner: Bethan Ogle, Head of Prevention", cols=3), None, None],
            ["Good is", "Q1 20/21", "Q4 20/21", "Q1 21/22", "Target"],
            ["Low", "98", "91", "117", "95"],
            ["Why", C(WHY, cols=4), None, None, None],
        ],
    )  # fmt: skip
    (block,) = read(sheet).blocks
    assert (block.polarity, block.service) == ("lower", "Prevent")


def test_the_heading_of_a_numbered_part_says_the_status() -> None:
    assert group_status("Part 2: Indicators within target", Key()) == "green"
    assert group_status("Appendix B – Measures off target", Key()) == "red"
