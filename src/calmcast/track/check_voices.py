"""What is wrong with the voices of a script, and of a workspace: what they cannot say, and what they have not read."""

from calmcast.diagnostics import Problem
from calmcast.errors import ScriptError
from calmcast.model.script import Script, every_line
from calmcast.model.voice import Voice
from calmcast.script.language.fields import unknown, warning
from calmcast.script.language.options import choose, settle
from calmcast.script.language.profiles import build_lexicon, build_voice
from calmcast.script.lint.placed import placed
from calmcast.script.lint.sounding import check_every_bed
from calmcast.script.lint.unread import check_recorded
from calmcast.speech.engines.choose import check_voice
from calmcast.speech.words.lexicon import check_lexicon
from calmcast.takes.ledger import load_ledger
from calmcast.takes.prompts import same_text
from calmcast.track.check_picture import picture_faults
from calmcast.workspace.folder import normal
from calmcast.workspace.workspace import Workspace


def spoken_faults(workspace: Workspace, script: Script, voice: Voice) -> tuple[Problem, ...]:
    """Return what a script's own voice has not read, or does not speak."""
    return (*_unread(workspace, script, voice), *_other_language(workspace, script, voice))


def voice_faults(workspace: Workspace, script: Script) -> tuple[Problem, ...]:
    """Return what is wrong with the profiles and the lexicons of the voices of a script."""
    found = list[Problem]()
    own = (each.part.traits.voice for each in placed(script))
    for name in dict.fromkeys((script.voice, *filter(None, own))):
        try:
            lexicons = workspace.library.lexicons(workspace.library.voice(name))
        except ScriptError as error:
            found += error.problems
        else:
            found += (problem for lexicon in lexicons for problem in check_lexicon(lexicon))
    return tuple(dict.fromkeys(found))


def known_voice(workspace: Workspace, name: str) -> Voice | None:
    """Return a voice profile, or None where it is faulty or not there: that is told elsewhere."""
    try:
        return workspace.library.voice(name)
    except ScriptError:
        return None


def known_words(workspace: Workspace, voice: Voice | None) -> tuple[str, ...] | None:
    """Return the words that the lexicons of a voice have; None where one is faulty: nobody knows what it has."""
    try:
        lexicons = workspace.library.lexicons(voice) if voice else ()
    except ScriptError:
        return None
    return tuple(entry.word for lexicon in lexicons for entry in lexicon.entries)


def _other_language(workspace: Workspace, script: Script, voice: Voice) -> tuple[Problem, ...]:
    """Return a warning where the script's voice speaks another language."""
    wanted = script.language.split("-")[0].lower()
    if voice.language.split("-")[0].lower() == wanted or "other-language" in dict(script.allow):
        return ()
    every = (known_voice(workspace, name) for name in workspace.folder.voices())
    others = [other.name for other in every if other and other.language.split("-")[0].lower() == wanted]
    hint = f"choose voice: {others[0]}" if others else "copy a voice that ships, and give it engines that speak it"
    message = f"the script is in {script.language}, and its voice `{voice.name}` speaks {voice.language}"
    return (warning("other-language", message, script.voice_source, hint),)


def _unread(workspace: Workspace, script: Script, voice: Voice) -> tuple[Problem, ...]:
    """Return what a voice of the person's own has not read of a script, where nobody chooses options."""
    if voice.recordings is None:
        return ()
    try:
        usual = settle(script, choose(script.options, {}))
    except ScriptError:
        return ()
    ledger = load_ledger(workspace.folder.recordings / voice.recordings)
    stale = {same_text(now): t.text for t, now in ledger.stale([line.written for line in every_line(usual)])}
    there = {form: "" if take.good else take.doubt or "" for form, take in ledger.newest().items()}
    return check_recorded(usual, there, stale, same_text, voice.fallback or "another voice")


def settings_faults(workspace: Workspace) -> tuple[Problem, ...]:
    """Return what is wrong with the teacher's settings, used or not: its words, its picture, its voice, its bed."""
    library, settings = workspace.library, workspace.library.settings
    problems, voices = list(library.settings_file.problems), workspace.folder.voices()
    if settings.voice and settings.voice_source and normal(settings.voice) not in voices:
        problems.append(unknown("voice", settings.voice, settings.voice_source, voices))
    problems += picture_faults(workspace, settings.picture, settings.picture_source)
    if settings.bed:
        problems += check_every_bed([settings.bed], workspace.soundbox.bed_fault)
    return tuple(problems)


def inspect_rest(workspace: Workspace) -> tuple[Problem, ...]:
    """Return what is wrong with the settings, voices and lexicons of the folder, used or not."""
    folder, library = workspace.folder, workspace.library
    problems = list(settings_faults(workspace))
    for path in folder.lexicons().values():
        lexicon, found, _ = library.load(path, build_lexicon)
        problems += (*found, *(check_lexicon(lexicon) if lexicon else ()))
    for path in folder.voices().values():
        voice, found, _ = library.load(path, build_voice)
        if voice:
            problems += (
                *found,
                *check_voice(voice),
                *library.missing_lexicons(voice),
                *_lost_fallback(workspace, voice),
            )
        else:
            problems += found
    return tuple(problems)


def _lost_fallback(workspace: Workspace, voice: Voice) -> tuple[Problem, ...]:
    """Return what is wrong with whom a voice falls back on: nobody of that name, or in a circle."""
    place, asked = voice.fallback_source or voice.source, [voice.name]
    while voice.fallback:
        asked.append(voice.fallback)
        if voice.fallback in asked[:-1]:
            message = f"these voices fall back on each other: {' -> '.join(asked)}"
            return (Problem("fallback-circle", message, place, "give one of them another fallback: calm"),)
        try:
            voice = workspace.library.voice(voice.fallback)
        except ScriptError as error:
            return (Problem("unknown-voice", error.message, place, error.hint),)
    return ()
