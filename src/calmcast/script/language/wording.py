"""Words that people write for those of the language."""

YES = frozenset({"yes", "true", "on"})
NO = frozenset({"no", "false", "off"})

MEANT = {"wait": "pause", "silence": "pause", "break": "pause", "breath": "pause", "stop": "hold", "quiet": "rest",
         "gong": "bell", "chime": "bell", "sound": "bell", "breathing": "breathe", "speak": "say", "line": "say",
         "segment": "use", "group": "steps", "either": "one of"}  # fmt: skip
"""Words that people write for a step, and the step they mean."""

MEANT_KEYS = {"background": "bed", "music": "bed", "ambience": "bed", "soundscape": "bed", "volume": "level",
              "loudness": "level", "gong": "bells", "gongs": "bells", "chime": "bells", "chimes": "bells",
              "photo": "picture", "image": "picture", "cover": "picture",
              "artist": "name", "studio": "name", "teacher": "name"}  # fmt: skip
"""Words that people write for a key, and the key they mean."""
