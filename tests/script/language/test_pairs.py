import pytest

from calmcast.script.language.pairs import PAIRS, links


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["Curl your toes tightly.", "Hold.", "Now let go of your toes."], [(0, 2)]),
        (["Make two tight fists.", "Now open your hands."], [(0, 1)]),
        (["Screw up your face.", "Now let your face go."], [(0, 1)]),
        (["Breathe in.", "Hold it there.", "And out."], [(0, 2)]),
        (["Inhale, two, three.", "Exhale, two, three."], [(0, 1)]),
        (["Raise your arms.", "Let them float down."], [(0, 1)]),
        (["Turn your head to the left.", "Back to the middle."], [(0, 1)]),
        (["Bend your knees.", "Slide your legs out."], [(0, 1)]),
        (["Close your eyes.", *["Rest."] * 99, "Open your eyes."], [(0, 100)]),
        (["Feel your left hand.", "Feel your right hand."], [(0, 1)]),
        (["Feel your left and right hand.", "Rest."], []),
        (["Breathe in, and breathe out.", "Breathe in, and breathe out."], []),
        (["Tense your legs.", *["Rest."] * 99, "Let go."], []),
        (["Let the floor hold you.", "Let your jaw be easy.", "All is right."], []),
        ([], []),
    ],
)
def test_which_sentence_undoes_which(sentences: list[str], expected: list[tuple[int, int]]) -> None:
    assert [(link.first, link.second) for link in links(sentences)] == expected


def test_each_kind_has_its_name_once() -> None:
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)
