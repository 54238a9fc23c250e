from calmcast.model.script import Script, every_step
from calmcast.model.sound import Bed, BedSound
from calmcast.model.steps import Bell
from calmcast.planning.amounts import strikes
from calmcast.planning.parts import parts_of
from calmcast.script.language.overrides import AS_WRITTEN, Overrides, overridden
from tests.planning.scripts import script_of

SCRIPT = """\
title: A
bed: {sound: rain, level: -18 dB}
bells: {start: soft, end: bowl, every: {time: 1 min, sound: wood}}
segments:
  - title: One
    steps:
      - bell: soft
      - steps:
          - One.
          - bell: {sound: bowl, wait: no}
      - one of:
          - Two.
          - bell: wood
      - rest: 1 min
  - {title: Two, bed: none, steps: [Three.]}
  - {title: Three, bed: {sound: sea, level: -30 dB}, steps: [Four.]}
"""


def beds(script: Script) -> list[Bed | None]:
    return [script.bed, *(segment.bed for segment in script.segments)]


def test_as_written() -> None:
    script = script_of(SCRIPT)
    assert overridden(script, AS_WRITTEN) == script


def test_another_bed_keeps_the_levels_and_the_parts_without() -> None:
    drone = BedSound("drone")
    script = overridden(script_of(SCRIPT), Overrides(bed=Bed(drone)))
    assert beds(script) == [Bed(drone, -18.0), None, Bed(None), Bed(drone, -30.0)]
    silent = overridden(script_of(SCRIPT), Overrides(bed=Bed(None)))
    assert all(bed is None or bed.made_of is None for bed in beds(silent))
    given = overridden(script_of("title: A\nsegments: [{title: One, steps: [One.]}]\n"), Overrides(bed=Bed(drone)))
    assert given.bed == Bed(drone)


def test_no_bells_anywhere() -> None:
    script = overridden(script_of(SCRIPT), Overrides(bells=False))
    assert not any(isinstance(step, Bell) for step in every_step(script))
    assert strikes(parts_of(script).tree, script.bells) == ()
    assert len(strikes(parts_of(script_of(SCRIPT)).tree, script_of(SCRIPT).bells)) == 3


def test_a_script_may_say_that_no_bell_among_its_steps_rings() -> None:
    script = script_of(SCRIPT.replace("bells: {", "bells: {steps: no, "))
    assert not any(isinstance(step, Bell) for step in every_step(script))
    assert len(strikes(parts_of(script).tree, script.bells)) == 3
    rung = script_of(SCRIPT.replace("bells: {", "bells: {steps: yes, "))
    assert any(isinstance(step, Bell) for step in every_step(rung))


def test_two_channels_or_one() -> None:
    script = script_of(SCRIPT)
    assert overridden(script, Overrides(stereo=True)).stereo
    assert not overridden(overridden(script, Overrides(stereo=True)), Overrides(stereo=False)).stereo
