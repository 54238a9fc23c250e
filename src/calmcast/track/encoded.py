"""A planned track's blocks -> a file of any kind but the usual MP3, with its tags, chapters and cover."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from mutagen import MutagenError

from calmcast.model.timeline import Block, Timeline, TrackInfo
from calmcast.publish import wav
from calmcast.publish.container import Content, write_container
from calmcast.publish.languages import iso_639_2
from calmcast.publish.more_tags import tag_atoms, tag_comments, tag_wav
from calmcast.publish.places import Delivery
from calmcast.publish.tags import chapter_spans, id3_tag

Told = Callable[[int], None]
"""Told how many samples at 44 100 Hz are written."""


def write_encoded(
    file: BinaryIO,
    blocks: Iterator[Block],
    delivery: Delivery,
    info: TrackInfo,
    timeline: Timeline,
    cover: bytes,
    still: bytes,
    told: Told,
) -> None:
    """Write a track, tags included, into an empty file. `cover`: a PNG; `still`: a JPEG, where it is a video."""
    form = delivery.format
    if form.name == "wav":
        wav.write_wav(file, _counted(blocks, told), channels=timeline.channels)
        tag_wav(file, timeline, id3_tag(info, timeline, cover))
        return
    if form.tagging == "id3":
        file.write(id3_tag(info, timeline, cover))
    content = Content(chapter_spans(timeline), iso_639_2(info.language), still)
    write_container(
        file, blocks, delivery, content, samples=timeline.samples, channels=timeline.channels, on_progress=told
    )
    try:
        if form.tagging == "atoms":
            tag_atoms(file, info, timeline, cover, audiobook=form.name == "m4b")
        elif form.tagging == "comments":
            tag_comments(file, info, timeline, cover, ogg=form.name == "opus")
    except MutagenError as error:  # in which it wraps what a file raises
        raise error.args[0] if error.args and isinstance(error.args[0], OSError) else error from None


def _counted(blocks: Iterator[Block], told: Told) -> Iterator[Block]:
    done = 0
    for block in blocks:
        yield block
        done += block.samples
        told(done)
