"""Well-known neural voices: where their archives are, and what one may do with what they speak.

The archives are those of the release `tts-models` of k2-fsa/sherpa-onnx, whose `checksum.txt` publishes their SHA-256.
Piper's voices are also there as Piper's own two files, at rhasspy/piper-voices. What a voice was made from, and under
which terms, is what its MODEL_CARD says (for piper: rhasspy/piper-voices). Where a card says that a voice was trained
on from one whose recordings are for research, or not for trade, its terms are unclear, whatever its own recordings
allow: nobody has settled what passes on.
"""

from collections.abc import Mapping

from calmcast.errors import SpeechError
from calmcast.speech.models.source import ModelSource, RemoteFile, Selling, Terms, Way
from calmcast.text import suggestion

_ARCHIVES = "https://github.com/k2-fsa/sherpa-onnx/releases/download/tts-models/"
_CARDS = "https://huggingface.co/rhasspy/piper-voices/blob/main/"
_PLAIN = "https://huggingface.co/rhasspy/piper-voices/resolve/main/"

_USUAL_SIZE = 67_000_000
"""Of a piper voice of medium quality, in bytes."""

FREE = "you may sell tracks that it speaks"
_CREDIT = "you may sell tracks that it speaks where you name whose recordings it was made from"
_FROM_LESSAC = "the recordings are free, but it was trained on from a voice whose recordings are for research only"
_FROM_RYAN = "the recordings are free, but it was trained on from a voice whose recordings are not for trade"


_MODELS: Mapping[str, tuple[int, str | None]] = {
    "en_US-joe-medium": (63_201_294, "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"),
    "en_US-ljspeech-high": (114_199_011, "5d4f08ba6a2a48c44592eed3ce56bf85e9de3dd4e20df90541ae68a8310c029a"),
    "en_US-kristin-medium": (63_531_379, "5849957f929cbf720c258f8458692d6103fff2f0e3d3b19c8259474bb06a18d4"),
    "en_US-lessac-medium": (63_201_294, "5efe09e69902187827af646e1a6e9d269dee769f9877d17b16b1b46eeaaf019f"),
    "en_GB-alba-medium": (63_201_294, "401369c4a81d09fdd86c32c5c864440811dbdcc66466cde2d64f7133a66ad03b"),
    "de_DE-thorsten-high": (113_895_201, None),
    "de_DE-thorsten-medium": (63_201_294, "7e64762d8e5118bb578f2eea6207e1a35a8e0c30595010b666f983fc87bb7819"),
    "es_ES-davefx-medium": (63_201_294, "6658b03b1a6c316ee4c265a9896abc1393353c2d9e1bca7d66c2c442e222a917"),
    "fr_FR-siwis-medium": (63_201_294, "641d1ab097da2b81128c076810edb052b385decc8be3381814802a64a73baf99"),
    "it_IT-paola-medium": (63_511_038, "6fc918b5a0ea6137382833dddfa567bffbe6a5060c02043c87192ee59c04210c"),
}
"""Size in bytes and SHA-256 of Piper's own .onnx files, where they are known for certain: from the file itself
(joe), or alike from several who hold on to them. Of the others, and of the .onnx.json, neither is checked."""


def _piper(
    voice: str, about: str, size: int | None, sha256: str | None, licence: str, selling: Selling, summary: str
) -> ModelSource:
    """Return a piper voice by its own name, such as `en_US-amy-low`; `size` and `sha256` are its archive's."""
    language, speaker, quality = voice.split("-")
    folder = f"{language[:2]}/{language}/{speaker}/{quality}"
    model = f"{_PLAIN}{folder}/{voice}.onnx"
    return ModelSource(
        name=f"piper-{voice}".lower().replace("_", "-"),
        about=about,
        language=language.replace("_", "-"),
        terms=Terms(licence, selling, summary, f"{_CARDS}{folder}/MODEL_CARD"),
        ways=(
            Way("piper", RemoteFile(model, *_MODELS.get(voice, ())), (RemoteFile(f"{model}.json"),), loose=True),
            Way("vits", RemoteFile(f"{_ARCHIVES}vits-piper-{voice}.tar.bz2", size, sha256)),
        ),
    )


def _other(
    name: str,
    archive: str,
    about: str,
    kind: str,
    size: int,
    sha256: str,
    terms: Terms,
    *extras: RemoteFile,
    language: str = "en-US",
) -> ModelSource:
    way = Way(kind, RemoteFile(_ARCHIVES + archive, size, sha256), extras)
    return ModelSource(name, about, language, terms, (way,))


_KOKORO = Terms("Apache-2.0", "yes", FREE, "https://huggingface.co/hexgrad/Kokoro-82M")
_KITTEN = Terms("Apache-2.0", "yes", FREE, "https://github.com/KittenML/KittenTTS")
_MATCHA = Terms(
    "public domain recordings",
    "unclear",
    "its recordings are free, but the second model that it needs to sound (HiFi-GAN) comes without terms",
    "https://k2-fsa.github.io/sherpa/onnx/tts/pretrained_models/matcha.html",
)
_HIFIGAN = RemoteFile(
    "https://github.com/k2-fsa/sherpa-onnx/releases/download/vocoder-models/hifigan_v2.onnx",
    3_749_714,
    "a41d404cce7924493540238da5b30a4bc14b6ddaf1a37f3c79fa4f59548c19f0",
)

CATALOGUE: tuple[ModelSource, ...] = (
    _other(
        "kokoro-multi", "kokoro-multi-lang-v1_0.tar.bz2",
        "54 speakers: English from number 0, Spanish 28, French 30, Italian 35", "kokoro",
        349_906_910, "c5f7e2d2caf082bc1d20fb70334a61d99d20b484500aad32e7cf84c128ea3298", _KOKORO, language="mul",
    ),
    _other(
        "kokoro-en", "kokoro-en-v0_19.tar.bz2", "eleven voices, women and men, natural and slow to make", "kokoro",
        319_625_534, "912804855a04745fa77a30be545b3f9a5d15c4d66db00b88cbcd4921df605ac7", _KOKORO,
    ),
    _other(
        "kokoro-en-small", "kokoro-int8-en-v0_19.tar.bz2", "the same eleven voices in a third of the space", "kokoro",
        103_248_205, "c9f0dd393615805b0bab050c340834d5e684e732aec91c0e860cd30e982c08bd", _KOKORO,
    ),
    _other(
        "kitten-nano-en", "kitten-nano-en-v0_2-fp16.tar.bz2", "eight small voices, women and men", "kitten",
        26_586_708, "0345a8a2f4a710cb8f7912c9a731ded8b3e1e69b33a871efa95c2e64651518fe", _KITTEN,
    ),
    _other(
        "matcha-en-us-ljspeech", "matcha-icefall-en_US-ljspeech.tar.bz2", "a woman, even and clear", "matcha",
        76_741_121, "ea75702da7456a8b1874728278a835220dc8a26f4e8bd93c83bf53dc27679845", _MATCHA, _HIFIGAN,
    ),
    _piper(
        "en_US-ljspeech-high", "a woman, clear", 115_817_679,
        "00c6408d2409050312193b0d40ae07fde28af7d3d45a56efcc55440db516b935", "public domain", "yes", FREE,
    ),
    _piper(
        "en_US-ljspeech-medium", "a woman, clear, quicker to make", 67_169_893,
        "3dfb4b759d8be032a4903a9538d128b0fda2a06ab1de6cbc2d93a97e2dd83dba", "public domain", "yes", FREE,
    ),
    _piper(
        "en_US-kristin-medium", "a woman", 67_259_230,
        "c2206f572df2956c50b1ae3367eebce3853c663e890cba8048cd62b1e4dbe6c7", "public domain", "yes", FREE,
    ),
    _piper(
        "en_US-libritts-high", "904 speakers to choose from by number", 131_033_598,
        "d9d35056703fd38ed38e95c202a50f603fefdc8a92a7b6332c4f1a41616eac72", "CC BY 4.0", "yes", _CREDIT,
    ),
    _piper("en_US-joe-medium", "a man, calm", None, None, "CC0", "unclear", _FROM_LESSAC),
    _piper(
        "en_US-amy-low", "a woman", 67_095_344,
        "c70f5284a09a7fd4ed203b39b2ff51cac1432b422b852eb647b481dade3cf639", "not stated", "unclear",
        "its card states no licence of its own; the collection that it came from is CC BY-SA 4.0",
    ),
    _piper(
        "en_US-hfc_female-medium", "a woman", 67_228_166,
        "3fffdceb0c65bd9415a085d09c3cb88cc82f9d74a6ca453f8ce7fc5eaee81ff8", "CC BY-NC-SA 4.0", "no",
        "not for trade: tracks that it speaks may not be sold",
    ),
    _piper(
        "en_US-lessac-medium", "much used, clear", 67_230_653,
        "9e3febfacf0abf4270172d2958bcec246032b7e88efc2720840cc80c93de334e", "Blizzard 2013, research only", "no",
        "for research only: tracks that it speaks may not be sold",
    ),
    _piper(
        "en_GB-cori-high", "a woman", 115_574_061,
        "42922f07738fcde2e49eed4e959635692f73b933de35a6b7c1010162ff566292", "public domain", "yes", FREE,
    ),
    _piper(
        "en_GB-cori-medium", "a woman, quicker to make", 67_257_412,
        "49c9a5361bbdd95d7ca9687c4de11e5908481f65e7c7c368960df79949fdac2b", "public domain", "yes", FREE,
    ),
    _piper(
        "en_GB-alba-medium", "a woman, Scottish", 67_212_349,
        "fcd45962906933eec4431d3688f7d74aaac8713c87c6717f91fd3b23463aa1a1", "CC BY 4.0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "de_DE-thorsten-high", "a man", 115_591_546,
        "dd4ed1b0d42c30a1a4862fc2b243e8044d52b8889c9ff3d1e99e92028888bc4a", "CC0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "de_DE-thorsten-medium", "a man, quicker to make", 67_214_254,
        "50487d9c95fdf2191f31d2588569381063ba1591dcd4c7d4bdd30f12b2191714", "CC0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "de_DE-kerstin-low", "a woman", 67_107_768,
        "4bfe121d5f690a3b87acecd7ae1e70b48f4589ce6ae9f45a1809e6eb19fad97b", "CC0", "unclear", _FROM_RYAN,
    ),
    _piper(
        "es_ES-carlfm-x_low", "a man, plain", 26_520_563,
        "15585c5add2ab1915ce69e8c966c7c9fb0b6afb21f9b92f18110fda5a4787f99", "public domain", "yes", FREE,
    ),
    _piper(
        "es_ES-davefx-medium", "a man", 67_184_952,
        "a3f6beb54a9cb893279f72978a22f807a4d9fc9c7848157b524d5cc7b7f58b22", "CC0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "fr_FR-siwis-medium", "a woman", 67_207_459,
        "375909aa30842b3a4efa10b1beb1d761af792960ae6873b4d53889f96c66195b", "CC BY 4.0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "it_IT-riccardo-x_low", "a man, plain", 26_496_614,
        "8ad0791558ae2b3e96054fc5756ae3ae2f6457fb1765bc01f43bbab85e0a7021", "M-AILABS recordings", "unclear",
        "its card points to the terms of the recordings: read them before you sell tracks",
    ),
    _piper(
        "it_IT-paola-medium", "a woman", 67_221_173,
        "7541f75778afa164e44e34baaef63befad7698595df26a95ca944b63ef1a16b4", "CC0", "unclear", _FROM_LESSAC,
    ),
    _piper(
        "nl_BE-rdh-medium", "a man", 67_047_636,
        "3e99e86fcd1ec1bf04bb68fc9e1588e5b88c4a5fa2ee507bd46ca9a947420d84", "CC0", "yes", FREE,
    ),
    _piper(
        "nl_BE-nathalie-x_low", "a woman, plain", 26_502_603,
        "0cb6c3f702a12c12fb62c232ba5b206559edcf87c7dd2ed5faf2ec29fdb801e2", "CC0", "yes", FREE,
    ),
)  # fmt: skip
"""By language; within a language, those whose tracks may be sold first."""


def suggested(settings: Mapping[str, str], engine: str) -> str:
    """Return the name of a voice to begin with for settings of an engine: free to sell, and small.

    The settings name a `language` (`de`, `en-GB`; else English) and perhaps a `gender`; "" where the catalogue has none
    that the engine speaks.
    """
    language, gender = settings.get("language", "").strip(), settings.get("gender", "").strip()
    wanted = (language or "en").casefold().split("-")[0]
    order = {"yes": 0, "unclear": 1, "no": 2}
    spoken = [
        source
        for source in CATALOGUE
        if source.language.casefold().startswith(wanted)
        and gender in ("", source.gender)
        and engine in {way.engine for way in source.ways}
    ]
    best = sorted(spoken, key=lambda source: (order[source.terms.selling], _unusual(source)))
    return best[0].name if best else ""


def _unusual(source: ModelSource) -> int:
    """Return how far a voice's archive is from the usual size, in bytes."""
    return abs((source.ways[-1].size or 0) - _USUAL_SIZE)


def known_terms(file: RemoteFile) -> Terms | None:
    """Return the terms of a file that is the catalogue's, by its checksum or its address; None: of another."""
    address = file.address.partition("?")[0]
    for source in CATALOGUE:
        for way in source.ways:
            if address == way.file.address or (file.sha256 and file.sha256 == way.file.sha256):
                return source.terms
    return None


def offered(name: str) -> ModelSource:
    """Return the catalogue's voice of this name. Raises SpeechError with a suggestion where there is none."""
    names = {source.name: source for source in CATALOGUE}
    found = names.get(name.casefold())
    if found is None:
        hint = suggestion(name, names) or "calmcast voices add lists them; or give --from FILE"
        raise SpeechError(f"there is no neural voice `{name}` in the catalogue", hint)
    return found
