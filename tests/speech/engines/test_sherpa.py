"""Neural voices: toy models through the real sherpa-onnx, and what happens with broken ones."""

import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from calmcast.errors import SpeechError
from calmcast.model.voice import Phrase, Utterance
from calmcast.speech.engine import ManyVoices, Speaker, check_settings, resolve_settings
from calmcast.speech.engines import sherpa
from calmcast.speech.engines.sherpa import ENGINE
from calmcast.speech.run.job import Patience, SpeechJob
from calmcast.speech.run.orders import UnspokenError
from calmcast.speech.run.speak import speak
from calmcast.store.recordings import Recordings
from tests.speech.speaking import finish, jobs
from tests.speech.toy_model import (
    RATE_HZ,
    SECONDS_A_PHONEME,
    build_toy_kitten,
    build_toy_kokoro,
    build_toy_matcha,
    build_toy_piper,
    build_toy_voice,
    write_note,
)

LINES = ("Let your shoulders soften.", "And rest; nothing to hold.", "Feel the floor beneath you now.")
BUILD: dict[str, Callable[[Path, str], Path]] = {
    "vits": build_toy_voice,
    "kokoro": build_toy_kokoro,
    "kitten": build_toy_kitten,
    "matcha": build_toy_matcha,
}

needs_sherpa = pytest.mark.skipif(
    (ENGINE.trouble() or ("",))[0] == "what neural voices need is not installed", reason="sherpa-onnx is not installed"
)
pytestmark = [pytest.mark.real, needs_sherpa]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of neural voices, empty."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("CALMCAST_MODELS", str(folder))
    return folder


@pytest.fixture
def toy(models: Path) -> Path:
    """Return the folder of a toy voice, installed."""
    return write_note(build_toy_voice(models))


def opened(**settings: str) -> Speaker:
    return ENGINE.open(resolve_settings(ENGINE, settings))


def spoken(speaker: Speaker, text: str, folder: Path) -> tuple[bytes, float]:
    """Return the samples of a text and how many seconds they last."""
    path = folder / "line.wav"
    speaker.speak(text, path)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return file.readframes(file.getnframes()), file.getnframes() / RATE_HZ


def test_it_says_what_is_missing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ENGINE.trouble() is None
    monkeypatch.setattr(sherpa, "find_spec", lambda name: None)
    assert ENGINE.missing({"language": "en"}) == (
        "no neural voice for en is installed",
        "calmcast voices add piper-en-us-ljspeech-medium",
    )
    monkeypatch.setattr(sherpa, "find_spec", lambda name: name == "piper")
    assert ENGINE.missing({"language": "en"}) == (
        "no neural voice for en is installed",
        "calmcast voices add piper-en-us-ljspeech-medium --as sherpa",
    )
    write_note(build_toy_voice(models))
    assert ENGINE.missing({"language": "en"}) is None


def test_a_voice_of_piper_is_left_to_its_own_engine(models: Path) -> None:
    write_note(build_toy_piper(models, "a-piper"), "piper")
    assert ENGINE.missing({"language": "en"}) is not None
    assert ENGINE.missing({"voice": "A-Piper"}) == (
        "`A-Piper` is spoken by the engine piper",
        "write {engine: piper, voice: a-piper}",
    )
    assert ENGINE.identity({"voice": "a-piper"}) == ""
    with pytest.raises(SpeechError, match="is spoken by the engine piper"):
        opened(voice="a-piper")
    write_note(build_toy_voice(models))
    assert ENGINE.settled({})["voice"] == "toy"
    assert ENGINE.settled({"voice": "a-piper"}) == {"voice": "a-piper"}


def test_a_voice_that_is_not_installed_is_no_wrong_setting_but_missing(
    toy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sherpa, "find_spec", lambda name: None)
    assert isinstance(ENGINE, ManyVoices)
    assert not check_settings(ENGINE, {"voice": "nobody"})
    assert ENGINE.missing({"voice": "nobody"}) == (
        "the neural voice `nobody` is not installed",
        "calmcast voices add nobody",
    )
    assert ENGINE.missing({"voice": "toy"}) is None
    assert ENGINE.missing({}) is None
    with pytest.raises(SpeechError, match="`nobody` is not installed"):
        opened(voice="nobody")


def test_the_digest_tells_voices_of_one_name_apart(models: Path, toy: Path) -> None:
    write_note(build_toy_voice(models, "a-toy"), digest="b" * 64)
    assert ENGINE.identity({"voice": "a-toy"}) == ENGINE.identity({}) == "b" * 64
    assert ENGINE.identity({"voice": "toy"}) not in {"", "b" * 64}
    assert ENGINE.identity({"voice": "nobody"}) == ""


@pytest.mark.parametrize("kind", BUILD)
def test_every_kind_speaks_for_a_plausible_time(kind: str, models: Path, tmp_path: Path) -> None:
    write_note(BUILD[kind](models, "toy"), kind)
    text = "Let your shoulders soften."  # lˈɛt jʊɹ ʃˈoʊldɚz sˈɔfən. 18 sounds and 3 spaces, Kokoro's diphthongs one
    _, seconds = spoken(opened(voice="toy"), text, tmp_path)
    assert seconds == pytest.approx(21 * SECONDS_A_PHONEME, abs=1.5 * SECONDS_A_PHONEME)


@pytest.mark.parametrize("kind", BUILD)
def test_speed_and_speaker_change_the_sound(kind: str, models: Path, tmp_path: Path) -> None:
    write_note(BUILD[kind](models, "toy"), kind)
    plain, seconds = spoken(opened(), LINES[0], tmp_path)
    again, _ = spoken(opened(), LINES[0], tmp_path)
    _, slower = spoken(opened(speed="50"), LINES[0], tmp_path)
    _, faster = spoken(opened(speed="200"), LINES[0], tmp_path)
    assert plain == again
    assert slower == pytest.approx(2 * seconds, rel=0.01)
    assert faster == pytest.approx(seconds / 2, rel=0.01)
    if kind != "matcha":
        other, same = spoken(opened(speaker="1"), LINES[0], tmp_path)
        assert other != plain
        assert same == seconds


def test_a_speaker_that_the_voice_does_not_have_is_refused(toy: Path) -> None:
    with pytest.raises(SpeechError, match="has 2 speakers, but no speaker 2") as caught:
        opened(speaker="2")
    assert caught.value.hint == "set `speaker` to a number from 0 to 1"


def test_nothing_clips_and_quiet_lines_stay_quiet(toy: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnx
    from onnx import numpy_helper

    def louder(factor: float) -> float:
        model = onnx.load(str(toy / "model.onnx"))
        for constant in model.graph.initializer:
            if constant.name == "amplitudes":
                values = np.minimum(numpy_helper.to_array(constant), 0.5) * factor
                constant.CopyFrom(numpy_helper.from_array(values.astype(np.float32), "amplitudes"))
        onnx.save(model, str(tmp_path / "louder.onnx"))
        shutil.copy(tmp_path / "louder.onnx", toy / "model.onnx")
        return float(np.abs(np.frombuffer(spoken(opened(), LINES[0], tmp_path)[0], "<i2")).max()) / 32_768

    assert louder(1) == pytest.approx(0.25, abs=0.01)
    assert louder(3.6) == pytest.approx(0.9, abs=0.01)
    assert louder(3) == pytest.approx(0.75, abs=0.01)


def test_lines_are_spoken_and_kept_the_same_by_one_process_and_two(toy: Path, tmp_path: Path) -> None:
    lines = (*LINES, "1,000 apples, 3.5 pears?!", "naïve café, prāṇāyāma and śavāsana")
    kept = []
    for number in (1, 2):
        store = Recordings.at(tmp_path / str(number))
        recordings, new = speak(jobs("sherpa", *lines), store, finish, processes=number)
        kept.append([store.pcm(recording) for recording in recordings])
        assert new == len(lines)
    assert kept[0] == kept[1]
    assert len({*kept[0]}) == len(lines)
    _, new = speak(jobs("sherpa", *lines), Recordings.at(tmp_path / "1"), finish)
    assert new == 0


def test_a_folder_with_spaces_and_accents_speaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Zoë’s voices"
    monkeypatch.setenv("CALMCAST_MODELS", str(folder))
    write_note(build_toy_voice(folder))
    assert spoken(opened(), LINES[0], tmp_path)[1] > 1


def test_a_text_that_the_voice_cannot_read_is_refused(toy: Path, tmp_path: Path) -> None:
    speaker = opened()
    for text, reason in (("Say 你好 now", "cannot say `你好`"), ("…", "nothing to say")):
        with pytest.raises(SpeechError, match=reason):
            speaker.speak(text, tmp_path / "line.wav")


def test_a_voice_with_a_lexicon_says_no_less_than_its_text(models: Path, tmp_path: Path) -> None:
    """sherpa-onnx passes over words that are not in a lexicon, and says the rest."""
    import onnx

    folder = write_note(build_toy_voice(models))
    model = onnx.load(str(folder / "model.onnx"))
    facts = {entry.key: entry.value for entry in model.metadata_props if entry.key != "has_espeak"}
    onnx.helper.set_model_props(model, facts | {"comment": "coqui", "punctuation": ". , ?"})
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "lexicon.txt").write_text("rest ɹ ɛ s t\nwell w ɛ l\ndon't d o n t\n", encoding="utf-8")
    speaker = opened()
    assert spoken(speaker, "Rest well, don’t rest.", tmp_path)[1] > spoken(speaker, "Rest well.", tmp_path)[1] > 0.4
    for text, word in (("Rest, psoas, well.", "psoas"), ("Don't-rest 3", "3"), ("Rest's", "Rest's")):
        with pytest.raises(SpeechError, match=f"`toy` does not know `{word}`"):
            speaker.speak(text, tmp_path / "line.wav")


def without(*names: str) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        for name in names:
            (folder / name).unlink()

    return break_it


def holding(name: str, content: bytes) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return break_it


def cut(name: str, share: float) -> Callable[[Path], None]:
    def break_it(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(len(content) * share)])

    return break_it


def unlabelled(*keys: str) -> Callable[[Path], None]:
    """Break a model by taking these entries, or all, from its metadata."""

    def break_it(folder: Path) -> None:
        import onnx

        model = onnx.load(str(folder / "model.onnx"))
        kept = [entry for entry in model.metadata_props if keys and entry.key not in keys]
        del model.metadata_props[:]
        model.metadata_props.extend(kept)
        onnx.save(model, str(folder / "model.onnx"))

    return break_it


def garbled(folder: Path) -> None:
    """Break a model in the middle, so that its outer form stays whole."""
    content = bytearray((folder / "model.onnx").read_bytes())
    content[300:340] = bytes(40)
    (folder / "model.onnx").write_bytes(content)


BROKEN: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "no model": ("vits", without("model.onnx"), ".onnx file is missing"),
    "no tokens": ("vits", without("tokens.txt"), "tokens.txt is missing"),
    "empty tokens": ("vits", holding("tokens.txt", b""), "tokens.txt is missing or empty"),
    "odd tokens": ("vits", holding("tokens.txt", b"not a table of tokens\n"), "makes no sense"),
    "binary tokens": ("vits", holding("tokens.txt", b"\xff\xfe\x00"), "tokens.txt is no text"),
    "cut tokens": ("vits", holding("tokens.txt", b"_ 0\n^ 1\n$ 2\n  3\nh"), "makes no sense: `h`"),
    "short tokens": ("vits", holding("tokens.txt", b"_ 0\n^ 1\nh 3\n"), "tokens.txt is not whole"),
    "doubled tokens": ("vits", holding("tokens.txt", b"_ 0\n^ 1\n$ 2\nh 3\nh 4\n"), "makes no sense: `h 4`"),
    "empty model": ("vits", holding("model.onnx", b""), "it is no ONNX file"),
    "cut model": ("vits", cut("model.onnx", 0.5), "it is cut short"),
    "text for a model": ("vits", holding("model.onnx", b"<html>Not found</html>\n"), "cannot be read"),
    "random model": ("vits", holding("model.onnx", bytes(range(256)) * 40), "cannot be read"),
    "garbled model": ("vits", garbled, "cannot open it"),
    "no metadata": ("vits", unlabelled(), "not made for sherpa-onnx"),
    "no comment": ("vits", unlabelled("comment"), "not made for sherpa-onnx"),
    "no voices": ("kokoro", without("voices.bin"), "voices.bin is missing"),
    "cut voices": ("kokoro", cut("voices.bin", 0.5), "voices.bin is cut short"),
    "no vocoder": ("matcha", without("hifigan-toy.onnx"), "vocoder"),
    "cut vocoder": ("matcha", cut("hifigan-toy.onnx", 0.5), "hifigan-toy.onnx cannot be read"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_voice_is_told_once_with_the_fix(broken: str, models: Path, tmp_path: Path) -> None:
    kind, break_it, reason = BROKEN[broken]
    break_it(write_note(BUILD[kind](models, "toy"), kind))
    with pytest.raises(UnspokenError, match=reason) as caught:
        speak(jobs("sherpa", LINES[0]), Recordings.at(tmp_path / "store"), finish, processes=1)
    assert "the neural voice `toy` is damaged" in caught.value.message
    assert caught.value.hint == "calmcast voices remove toy, then calmcast voices add toy"


def test_a_model_of_another_kind_than_its_note_says_is_no_crash(models: Path, tmp_path: Path) -> None:
    write_note(build_toy_kokoro(models, "toy"), "vits")
    with pytest.raises(UnspokenError, match="not made for sherpa-onnx"):
        speak(jobs("sherpa", LINES[0]), Recordings.at(tmp_path / "store"), finish, processes=1)


def test_a_model_that_ends_the_process_is_told_in_time(models: Path, tmp_path: Path) -> None:
    """sherpa-onnx calls `exit` where the second number of `style_dim` is not 1."""
    import onnx

    folder = write_note(build_toy_kokoro(models, "toy"), "kokoro")
    model = onnx.load(str(folder / "model.onnx"))
    for entry in model.metadata_props:
        entry.value = "255,2,2" if entry.key == "style_dim" else entry.value
    onnx.save(model, str(folder / "model.onnx"))
    patience = Patience(start_s=20, phrase_s=5, word_s=0, tries=2)
    with pytest.raises(UnspokenError, match="ended by itself"):
        speak(jobs("sherpa", LINES[0]), Recordings.at(tmp_path / "store"), finish, processes=1, patience=patience)


def test_kokoro_of_many_languages_reads_each_speaker_in_its_own(models: Path, tmp_path: Path) -> None:
    import onnx

    folder = write_note(build_toy_kokoro(models, "toy"), "kokoro")
    model = onnx.load(str(folder / "model.onnx"))
    facts = {entry.key: entry.value for entry in model.metadata_props}
    onnx.helper.set_model_props(model, facts | {"version": "2", "speaker_names": "af_heart,jf_alpha"})
    onnx.save(model, str(folder / "model.onnx"))
    assert spoken(opened(), LINES[0], tmp_path)[1] > 1
    with pytest.raises(SpeechError, match="cannot read the language of speaker 1"):
        opened(speaker="1")


def test_a_long_phrase_is_spoken_whole(models: Path, tmp_path: Path) -> None:
    """Kokoro's models take 510 phonemes at most, and end the process where they get more."""
    write_note(build_toy_kokoro(models, "toy"), "kokoro")
    text = "9999999 " * 30
    job = SpeechJob(Utterance((Phrase((text,), 0),)), ENGINE, {})
    recordings, _ = speak([job], Recordings.at(tmp_path / "store"), finish, processes=1)
    assert recordings[0].samples / 44_100 > 60


def test_a_language_takes_the_first_voice_that_speaks_it(toy: Path) -> None:
    assert ENGINE.missing({"language": "en"}) is None
    assert ENGINE.missing({"language": "en-US"}) is None
    reason, fix = ENGINE.missing({"language": "de"}) or ("", "")
    assert reason == "no neural voice for de is installed"
    assert fix.startswith("calmcast voices add piper-de-de")
