from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from calmcast.publish.pictures.lettering import fitted, flags, printable, px, spread, width, wrapped

# Advance widths of DejaVu Sans and its bold from the space to the tilde, in thousandths of the font size.
DEJAVU = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip
DEJAVU_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
)  # fmt: skip

places = st.lists(st.floats(0, 800), min_size=1, max_size=40).map(sorted)


def test_widths_are_at_least_those_of_a_broad_font() -> None:
    for code in range(32, 127):
        assert width(chr(code), 1000) >= DEJAVU[code - 32], chr(code)
        assert width(chr(code), 1000, bold=True) >= DEJAVU_BOLD[code - 32], chr(code)
    assert width("休息", 10) >= 20
    assert width("😴", 10) >= 13


@given(st.text(max_size=300), st.floats(20, 400))
def test_what_is_fitted_fits(text: str, widest: float) -> None:
    shown = fitted(text, 11, widest)
    assert width(shown, 11) <= widest
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@given(st.text(alphabet="abc, déf 休", max_size=200), st.integers(1, 3))
def test_wrapped_rows_fit_and_lose_nothing_that_has_room(text: str, rows: int) -> None:
    lines = wrapped(text, 11, 200, rows)
    assert len(lines) <= rows
    assert all(width(line, 11) <= 200 for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert " ".join(lines) == " ".join(text.split())


def test_printable_text_turns_nothing_around_and_holds_nothing_that_xml_forbids() -> None:
    assert printable("a\x00\x1b[31m b\u202e\u2066\ufffe\nc\ud800") == "a[31m b c"
    assert printable("שלום & راحة 😴") == "שלום & راحة 😴"


@given(places, st.data())
def test_what_is_spread_keeps_its_order_and_does_not_overlap(centres: list[float], data: st.DataObject) -> None:
    widths = data.draw(st.lists(st.floats(1, 19), min_size=len(centres), max_size=len(centres)))
    spaced = spread(centres, widths, 0, 800)
    assert spaced is not None
    edges = [(x - wide / 2, x + wide / 2) for x, wide in zip(spaced, widths, strict=True)]
    assert edges[0][0] >= -1e-6
    assert edges[-1][1] <= 800 + 1e-6
    assert all(left[1] <= right[0] + 1e-6 for left, right in pairwise(edges))


def test_what_has_room_is_not_moved() -> None:
    assert spread([10, 50, 90], [20, 20, 20], 0, 100) == [10, 50, 90]
    assert spread([10, 10, 10], [20, 20, 20], 0, 59) is None


@given(places, st.data())
def test_flags_cover_neither_each_other_nor_a_pole(poles: list[float], data: st.DataObject) -> None:
    widths = data.draw(st.lists(st.floats(20, 200), min_size=len(poles), max_size=len(poles)))
    placed = flags(poles, widths, 0, 800, 6)
    for index, flag in enumerate(placed or ()):
        assert flag.left >= 0
        assert flag.right <= 800
        assert min(abs(poles[index] - flag.left), abs(poles[index] - flag.right)) < 1e-6
        for other in (placed or [])[:index]:
            if other.row == flag.row:
                assert other.right <= flag.left or flag.right <= other.left
            else:
                lower, higher = (flag, other) if flag.row < other.row else (other, flag)
                assert not lower.left < higher.pole < lower.right


def test_names_at_the_end_stand_to_the_left_of_their_poles() -> None:
    placed = flags([0, 100, 780, 795], [50, 50, 50, 50], 0, 800, 3)
    assert placed is not None
    assert [(flag.left, flag.row) for flag in placed] == [(0, 0), (100, 0), (730, 0), (745, 1)]


def test_coordinates_are_short() -> None:
    assert [px(value) for value in (3.0, 3.14, -0.01, 100.0, 0.05)] == ["3", "3.1", "0", "100", "0.1"]
