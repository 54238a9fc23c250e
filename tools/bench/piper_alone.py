"""Piper alone: WEIGHTS NOTES TEXTS SLOWER PARTS PART speaks every PARTS-th of the texts, and keeps nothing.

It reads them by its own rules, on one thread. TEXTS is a JSON list; SLOWER: 1 is the voice's own pace.
"""

import json
import sys
from pathlib import Path

import onnxruntime
from piper.config import PiperConfig, SynthesisConfig
from piper.voice import PiperVoice


def main(weights: str, notes: str, texts: str, slower: str, parts: str, part: str) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    config = PiperConfig.from_dict(json.loads(Path(notes).read_text("utf-8")))
    voice = PiperVoice(onnxruntime.InferenceSession(weights, options, ["CPUExecutionProvider"]), config)
    asked = SynthesisConfig(length_scale=config.length_scale * float(slower), noise_scale=0.0, noise_w_scale=0.0)
    for text in json.loads(Path(texts).read_text("utf-8"))[int(part) :: int(parts)]:
        for _ in voice.synthesize(text, asked):
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
