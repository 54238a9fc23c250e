"""Neural voices small enough for a test: real ONNX models that sherpa-onnx loads and runs, a tone for each phoneme.

They take phonemes as the voices of Piper, Kokoro, Kitten and Matcha do, and hold nothing random: the same text is the
same sound on every run. Two speakers (Matcha's: one), the second a fifth higher.
"""

import json
import tarfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calmcast.speech.models.installed import NOTE

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

RATE_HZ = 22_050
SPEAKERS = 2
SECONDS_A_PHONEME = 0.07
_PAD, _BEGIN, _END = "_^$"
_SILENT = " !'(),-.:;?"
_UNSPOKEN = _PAD + _BEGIN + _END + "ˈˌːˑ̩̪̃ʲʰ" + _SILENT[1:]
_SOUNDS = (
    "abcdefhijklmnopqrstuvwxyzæçðøħŋœǀǁǂǃɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɠɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕʘʙʛʜʝʟʡʢβθχᵻⱱ"
)
SYMBOLS = "_^$ !'(),-.:;?" + _SOUNDS + "ˈˌːˑ̩̪̃ʲʰ"
"""Every token, in order of its number."""
PIPER_NOTES: dict[str, Any] = {
    "audio": {"sample_rate": RATE_HZ, "quality": "low"},
    "espeak": {"voice": "en-us"},
    "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
    "phoneme_type": "espeak",
    "phoneme_map": {},
    "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)},
    "num_symbols": len(SYMBOLS),
    "num_speakers": SPEAKERS,
    "speaker_id_map": {"low": 0, "high": 1},
    "piper_version": "1.0.0",
    "language": {"code": "en_US"},
}
"""What Piper writes about a voice."""
_AMPLITUDE = 0.5
_LOWEST_HZ = 140.0
_STEP = 2 ** (1 / 48)
_STYLES, _STYLE_SIZE = 510, 2
_PIPER = {
    "model_type": "vits",
    "comment": "piper",
    "language": "English",
    "voice": "en-us",
    "has_espeak": "1",
    "n_speakers": str(SPEAKERS),
    "sample_rate": str(RATE_HZ),
}
_KOKORO = {
    "model_type": "kokoro",
    "language": "English",
    "voice": "en-us",
    "has_espeak": "1",
    "version": "1",
    "n_speakers": str(SPEAKERS),
    "sample_rate": str(RATE_HZ),
    "style_dim": f"{_STYLES},1,{_STYLE_SIZE}",
    "speaker_names": "low,high",
}
_KITTEN = _KOKORO | {"model_type": "kitten-tts", "style_dim": f"1,{_STYLE_SIZE}"}
_MATCHA = _PIPER | {
    "model_type": "matcha-tts",
    "n_speakers": "1",
    "version": "1",
    "num_ode_steps": "3",
    "pad_id": "0",
    "use_eos_bos": "0",
}
_MATCHA_INPUTS = ("x_length", "noise_scale", "length_scale")
_ARCHIVED_DATA = ("phontab", "intonations")
"""Enough of espeak-ng's data to look like a release; what speaks brings its own."""


def build_toy_voice(folder: Path, name: str = "toy") -> Path:
    """Write a voice of the kind `vits`, as Piper's are, to `folder / name`: model.onnx and tokens.txt. Return that."""
    made = _made(folder, name)
    scales = _input("scales", "FLOAT", [3])
    speaker = _input("sid", "INT64", ["N"])
    nodes = [
        _node("Gather", ["scales", "one_index"], "stretch"),
        _node("Cast", ["sid"], "speaker", to=1),
    ]
    _save(made / "model.onnx", "input", [_input("input_lengths", "INT64", ["N"]), scales, speaker], nodes, _PIPER)
    return made


def build_toy_piper(folder: Path, name: str = "toy-piper", stem: str = "en_US-toy-low") -> Path:
    """Write a voice as Piper's own releases are to `folder / name`, and return that: `stem`.onnx, `stem`.onnx.json."""
    made = build_toy_voice(folder, name)
    (made / "tokens.txt").unlink()
    (made / "model.onnx").rename(made / f"{stem}.onnx")
    (made / f"{stem}.onnx.json").write_text(json.dumps(PIPER_NOTES), encoding="utf-8")
    return made


def build_toy_kokoro(folder: Path, name: str = "toy-kokoro") -> Path:
    """Write a voice of the kind `kokoro` to `folder / name`: model.onnx, voices.bin and tokens.txt. Return that."""
    return _styled(folder, name, "model.onnx", "tokens", _KOKORO, rows=_STYLES)


def build_toy_kitten(folder: Path, name: str = "toy-kitten") -> Path:
    """Write a voice of the kind `kitten` to `folder / name`: model.fp16.onnx, voices.bin, tokens.txt. Return that."""
    return _styled(folder, name, "model.fp16.onnx", "input_ids", _KITTEN, rows=1)


def build_toy_matcha(folder: Path, name: str = "toy-matcha") -> Path:
    """Write a voice of the kind `matcha` to `folder / name`, and return that: model-steps-3.onnx, hifigan-toy.onnx and
    tokens.txt. One speaker; what goes from the model to the vocoder is the sound already.
    """
    import onnx
    from onnx import helper

    made = _made(folder, name)
    inputs = [_input(named, "FLOAT" if "scale" in named else "INT64", ["N"]) for named in _MATCHA_INPUTS]
    first = [_node("Identity", ["length_scale"], "stretch"), _node("Identity", ["noise_scale"], "speaker")]
    _save(made / "model-steps-3.onnx", "x", inputs, first, _MATCHA)
    sound = [_input("mel", "FLOAT", [1, 1, "S"])], [_input("audio", "FLOAT", [1, 1, "S"])]
    graph = helper.make_graph([_node("Identity", ["mel"], "audio")], "toy", *sound)
    vocoder = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(vocoder, {"model_type": "hifigan"})
    onnx.save(vocoder, str(made / "hifigan-toy.onnx"))
    return made


def write_note(folder: Path, kind: str = "vits", digest: str | None = None) -> Path:
    """Write `calmcast-model.json` into a voice's folder, so that it is installed. No `digest`: that of its files."""
    found = sha256(b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())).hexdigest()
    facts = {
        "name": folder.name,
        "kind": kind,
        "language": "en-US",
        "licence": "CC0-1.0",
        "digest": digest or found,
    }
    (folder / NOTE).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def pack_toy_voice(folder: Path) -> Path:
    """Write `vits-piper-en_US-toy-low.tar.bz2` to `folder`, laid out as sherpa-onnx's releases are, and return it."""
    import espeakng_loader

    top = "vits-piper-en_US-toy-low"
    made = build_toy_voice(folder, "unpacked")
    (made / "MODEL_CARD").write_text("# Model card for toy (low)\n\nA tone for each phoneme.\n", encoding="utf-8")
    archive = folder / f"{top}.tar.bz2"
    with tarfile.open(archive, "w:bz2") as tar:
        tar.add(made / "MODEL_CARD", f"{top}/MODEL_CARD")
        tar.add(made / "model.onnx", f"{top}/en_US-toy-low.onnx")
        tar.add(made / "tokens.txt", f"{top}/tokens.txt")
        for data in _ARCHIVED_DATA:
            tar.add(Path(espeakng_loader.get_data_path()) / data, f"{top}/espeak-ng-data/{data}")
    return archive


def _made(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{symbol} {number}\n" for number, symbol in enumerate(SYMBOLS))
    (made / "tokens.txt").write_text(lines, encoding="utf-8", newline="\n")
    return made


def _styled(folder: Path, name: str, file: str, tokens: str, metadata: Mapping[str, str], rows: int) -> Path:
    """Write a voice whose speakers are `rows` of numbers each in `voices.bin`: here, the speaker's own number."""
    import numpy as np

    made = _made(folder, name)
    styles = [np.full((rows, _STYLE_SIZE), speaker, "<f4").tobytes() for speaker in range(SPEAKERS)]
    (made / "voices.bin").write_bytes(b"".join(styles))
    nodes = [
        _node("Reciprocal", ["speed"], "stretch"),
        _node("Reshape", ["style", "flat"], "styles"),
        _node("Gather", ["styles", "zero_index"], "speaker"),
    ]
    inputs = [_input("style", "FLOAT", [1, _STYLE_SIZE]), _input("speed", "FLOAT", [1])]
    _save(made / file, tokens, inputs, nodes, metadata)
    return made


def _save(
    path: Path, tokens: str, inputs: Sequence[Any], first: Sequence["NodeProto"], metadata: Mapping[str, str]
) -> None:
    """Write a model. `first` are nodes that make `stretch` and `speaker`, floats of shape [1], from `inputs`."""
    import onnx
    from onnx import helper

    graph = helper.make_graph(
        [*first, *_sound(tokens)],
        "toy",
        [_input(tokens, "INT64", [1, "T"]), *inputs],
        [_input("output", "FLOAT", [1, 1, "S"])],
        initializer=_constants(),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _sound(tokens: str) -> list["NodeProto"]:
    """Return the nodes from token numbers [1, T] to sound [1, 1, samples]: each spoken token a sine that swells."""
    return [
        _node("Reshape", [tokens, "flat"], "ids"),
        _node("Gather", ["spoken", "ids"], "is_spoken"),
        _node("Compress", ["ids", "is_spoken"], "said"),
        _node("Gather", ["pitches", "said"], "hertz"),
        _node("Pow", ["fifth", "speaker"], "raise"),
        _node("Mul", ["hertz", "raise"], "raised"),
        _node("Gather", ["amplitudes", "said"], "loud"),
        _node("Reshape", ["raised", "column"], "raised_column"),
        _node("Reshape", ["loud", "column"], "loud_column"),
        _node("Mul", ["samples_a_phoneme", "stretch"], "length"),
        _node("Reshape", ["length", "scalar"], "length_scalar"),
        _node("Range", ["zero", "length_scalar", "one"], "places"),
        _node("Mul", ["places", "radians"], "angles"),
        _node("Mul", ["raised_column", "angles"], "phases"),
        _node("Sin", ["phases"], "waves"),
        _node("Div", ["places", "length_scalar"], "shares"),
        _node("Mul", ["shares", "pi"], "half_turns"),
        _node("Sin", ["half_turns"], "swell"),
        _node("Mul", ["waves", "swell"], "swelling"),
        _node("Mul", ["swelling", "loud_column"], "tones"),
        _node("Reshape", ["tones", "as_audio"], "output"),
    ]


def _constants() -> list["TensorProto"]:
    import numpy as np
    from onnx import numpy_helper

    floats = {
        "pitches": [_LOWEST_HZ * _STEP**number for number in range(len(SYMBOLS))],
        "amplitudes": [0.0 if symbol in _SILENT else _AMPLITUDE for symbol in SYMBOLS],
        "fifth": [1.5],
        "samples_a_phoneme": [SECONDS_A_PHONEME * RATE_HZ],
        "radians": [2 * np.pi / RATE_HZ],
        "pi": [np.pi],
    }
    shapes = {"flat": [-1], "column": [-1, 1], "as_audio": [1, 1, -1], "zero_index": [0], "one_index": [1]}
    arrays = {name: np.array(values, np.float32) for name, values in floats.items()}
    arrays |= {name: np.array(values, np.int64) for name, values in shapes.items()}
    arrays |= {"zero": np.array(0, np.float32), "one": np.array(1, np.float32), "scalar": np.array([], np.int64)}
    arrays["spoken"] = np.array([symbol not in _UNSPOKEN for symbol in SYMBOLS])
    return [numpy_helper.from_array(array, name) for name, array in arrays.items()]


def _node(kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> "NodeProto":
    from onnx import helper

    return helper.make_node(kind, list(inputs), [output], **attributes)


def _input(name: str, kind: str, shape: Sequence[int | str]) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, getattr(TensorProto, kind), shape)
