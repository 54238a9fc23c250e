"""What every engine of the table does. A new one is tested by being there."""

import os
import wave
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from calmcast.model.voice import Phrase, Pronounced, Utterance
from calmcast.speech.engine import ManyVoices, SpeechEngine, check_settings, resolve_settings
from calmcast.speech.engines.registry import SHIPPED, find
from calmcast.speech.run.job import SpeechJob
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import finish, jobs
from tests.speech.toy_model import build_toy_voice, write_note

NOT_ALONE = {"command": "it runs what a profile names", "system": "it is whatever the system speaks with"}
ELSEWHERE = {"say", "rhvoice"}
"""Not to be had on the systems that all tests run on."""
LONG = [pytest.mark.real, pytest.mark.long]
MARKS: dict[str, Any] = {"tone": (), "festival": LONG, "piper": LONG}
"""Those that are not only real."""
ENGINES = [pytest.param(name, marks=MARKS.get(name, pytest.mark.real)) for name in SHIPPED if name not in NOT_ALONE]
ODD = (
    "A",
    "I.",
    "Hmm.",
    "SI joint",
    "1, 2, 3.",
    "1000000",
    "A < b & c > d",
    "<speed level='500'>and on</speed>",
    "[[not phonemes]]",
    "A NUL\x00 and an escape\x1b[31m here",
    "soft\u00adly, zero\u200bwidth",
    "naïve café, prāṇāyāma and śavāsana",
    "It’s “quoted” — and so on…",
    "smile 😀 now",
    "\u202eright to left mark",
    "word " * 30,
    "a" * 250,
    "He said \"now\" and 'then' \\n %s {x}",
    "./etc/passwd; rm -rf $HOME `x`",
)
LINES = ("Let your shoulders soften.", "And rest; nothing to hold.", "Feel the floor beneath you now.")


def opened_apart(name: object) -> bool:
    """Return whether an engine's library is opened in a process of its own only."""
    return find(str(name)).isolation == "forked"


@pytest.fixture(scope="module")
def toy_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of neural voices that holds a toy one."""
    pytest.importorskip("onnx")
    folder = tmp_path_factory.mktemp("models")
    write_note(build_toy_voice(folder))
    return folder


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SpeechEngine:
    """Return the engine, where it runs."""
    if request.param == "sherpa":
        monkeypatch.setenv("CALMCAST_MODELS", str(request.getfixturevalue("toy_models")))
    found = find(request.param)
    if trouble := found.trouble() or (isinstance(found, ManyVoices) and found.missing({})) or None:
        assert not os.environ.get("CI") or found.name in ELSEWHERE | {"pico"}, trouble
        pytest.skip(f"{trouble[0]}: {trouble[1]}")
    return found


def pcm(store: Recordings, spoken: list[SpeechJob], processes: int | None = None) -> list[bytes]:
    """Return the samples of each job."""
    recordings, _ = speak(spoken, store, finish, processes=processes)
    return [store.pcm(recording) for recording in recordings]


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_it_describes_itself(engine: SpeechEngine) -> None:
    assert engine is find(engine.name)
    assert engine.alphabet in {None, "espeak", "x-sampa", "ipa"}
    assert engine.version() == engine.version() != ""
    assert not check_settings(engine, resolve_settings(engine, {}))
    assert check_settings(engine, {"no-such-setting": "1"})


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_the_same_lines_are_the_same_bytes_on_every_run(engine: SpeechEngine, tmp_path: Path) -> None:
    spoken = jobs(engine.name, *LINES)
    first = pcm(Recordings.at(tmp_path / "a"), spoken, 1)
    again = pcm(Recordings.at(tmp_path / "b"), spoken, 3)
    backwards = pcm(Recordings.at(tmp_path / "c"), spoken[::-1], 1)
    assert first == again == backwards[::-1]
    assert len({*first}) == len(LINES)


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_odd_text_is_spoken(engine: SpeechEngine, tmp_path: Path) -> None:
    recordings, _ = speak(jobs(engine.name, *ODD), Recordings.at(tmp_path), finish)
    assert all(recording.samples > 44_100 // 20 for recording in recordings)


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("text", ["", " ", "…", "—", "\x00", "😀", "?!"])
def test_a_line_with_no_words_is_refused(engine: SpeechEngine, text: str, tmp_path: Path) -> None:
    with pytest.raises(UnspokenError, match="nothing to say") as caught:
        speak(jobs(engine.name, "A line.", text), Recordings.at(tmp_path), finish)
    assert caught.value.index == 1


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_setting_changes_the_sound(engine: SpeechEngine, tmp_path: Path) -> None:
    numbers = [name for name, setting in engine.settings.items() if setting.low is not None]
    for name in numbers:
        # One is heard between words only, one is not heard, and one has a range that the voice decides.
        if name in {"word-gap", "threads", "speaker"}:
            continue
        setting = engine.settings[name]
        between = str((int(setting.default) + (setting.high or 0)) // 2)
        plain, changed = (
            pcm(Recordings.at(tmp_path), jobs(engine.name, LINES[0], settings=settings))
            for settings in ({}, {name: between})
        )
        assert plain != changed, name


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_phonemes_are_spoken_in_its_own_alphabet(engine: SpeechEngine, tmp_path: Path) -> None:
    phonemes = {"espeak": "s'oU#as", "x-sampa": '"s@U.@s', "ipa": "sˈoʊəs"}.get(engine.alphabet or "", "ignored")
    written, given = (
        SpeechJob(Utterance((Phrase(("Rest your ", span, "."), 0),)), engine, {})
        for span in ("psoas", Pronounced("psoas", phonemes))
    )
    a, b = pcm(Recordings.at(tmp_path), [written, given])
    assert (a == b) == (engine.alphabet is None)
    assert 0.5 < len(b) / len(a) < 2, "spoken as a word, not spelled out"


@pytest.mark.parametrize("engine", [each for each in ENGINES if not opened_apart(each.values[0])], indirect=True)
def test_it_writes_a_wav_that_others_can_read(engine: SpeechEngine, tmp_path: Path) -> None:
    engine.open(resolve_settings(engine, {})).speak("A line.", tmp_path / "line.wav")
    with wave.open(str(tmp_path / "line.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getnframes() > 0


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_the_sound_begins_and_ends_where_the_recording_does(engine: SpeechEngine, tmp_path: Path) -> None:
    import numpy as np

    lines = (*LINES, "Soft hips.", "His half of the house is safe.", "Five fish, four shells.", "Heavy.", "Shoes off")
    for line, samples in zip(lines, pcm(Recordings.at(tmp_path), jobs(engine.name, *lines)), strict=True):
        sound = np.frombuffer(samples, "<i2").astype(float) / 32_768
        levels = np.abs(sound)
        audible = np.flatnonzero(levels > levels.max() * 10 ** (-45 / 20))
        assert audible[0] / 44_100 < 0.05, line
        assert (len(sound) - audible[-1]) / 44_100 < 0.2, line
        assert abs(sound[0]) < 0.001, line
        assert abs(sound[-1]) < 0.001, line


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_silences_between_phrases_are_exact(engine: SpeechEngine, tmp_path: Path) -> None:
    import numpy as np

    store = Recordings.at(tmp_path)
    one = jobs(engine.name, "Let go,", "and rest,", "and rest.")
    phrases = ["Let go,", "and rest,", "and rest."]
    whole = SpeechJob(
        Utterance(tuple(Phrase((text,), silence) for text, silence in zip(phrases, (44_100, 1_234, 0), strict=True))),
        engine,
        {},
    )
    recordings, _ = speak([*one, whole], store, finish)
    lengths = [recording.samples for recording in recordings[:3]]
    assert recordings[3].samples == sum(lengths) + 44_100 + 1_234
    assert recordings[3].silences == ((lengths[0], 44_100),)
    sound = np.frombuffer(store.pcm(recordings[3]), "<i2")
    edges = [0, lengths[0], lengths[0] + 44_100, lengths[0] + 44_100 + lengths[1]]
    assert not sound[edges[1] : edges[2]].any()
    assert not sound[edges[3] : edges[3] + 1_234].any()
    assert all(sound[a:b].any() for a, b in pairwise((edges[0], edges[1])))


@pytest.mark.real
@pytest.mark.parametrize("engine", ["pico"], indirect=True)
@pytest.mark.parametrize(
    ("text", "reason"), [("word " * 8_000, "cannot say so long a text"), ("Say 你好 to 你.", "cannot say `你好`")]
)
def test_what_pico_can_never_say_is_refused(engine: SpeechEngine, text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(UnspokenError, match=reason) as caught:
        speak(jobs(engine.name, text), Recordings.at(tmp_path), finish)
    assert len(caught.value.message) < 200


@pytest.mark.real
@pytest.mark.parametrize("engine", ["espeak"], indirect=True)
def test_espeak_speaks_many_languages_but_no_script_that_its_voice_spells_out(
    engine: SpeechEngine, tmp_path: Path
) -> None:
    for voice, text in (("cmn", "你好"), ("ru", "привет"), ("en-gb", "hello"), ("fr-fr+f2", "bonjour"), ("en", "Ω")):
        speak(jobs(engine.name, text, settings={"voice": voice}), Recordings.at(tmp_path), finish)
    with pytest.raises(UnspokenError, match="the voice en-us cannot say `你好`"):
        speak(jobs(engine.name, "你好", settings={"voice": "en-us"}), Recordings.at(tmp_path), finish)


@pytest.mark.real
@pytest.mark.parametrize("engine", ["espeak", "pico", "flite", "espeak-ng"], indirect=True)
def test_a_voice_that_is_not_there_is_refused_at_once(engine: SpeechEngine, tmp_path: Path) -> None:
    assert check_settings(engine, {"voice": "xx"})
    with pytest.raises(UnspokenError, match="has no voice `xx`"):
        speak(jobs(engine.name, "A line.", settings={"voice": "xx"}), Recordings.at(tmp_path), finish)
