"""Where what a class asks for is spoken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from calmcast.classes.load import TrackOrder
from calmcast.errors import CalmcastError, ScriptError
from calmcast.publish.handout.strings import Overrides
from calmcast.track.performance import Performance
from calmcast.track.way_out import way_out
from calmcast.workspace.library import LoadedScript


@dataclass(frozen=True, slots=True)
class Stage:
    """Where what orders ask for is spoken, each script with the same choices once."""

    strings: Overrides
    scripts: Mapping[str, LoadedScript]
    perform: Callable[[LoadedScript, TrackOrder], Performance]
    done: "dict[tuple[object, ...], Performance | CalmcastError]"

    def performance(self, order: TrackOrder) -> Performance:
        """Return an order's script as it is spoken. Raises CalmcastError, each time alike."""
        return self._performed(self.scripts[order.script], order)

    def way_out(self, order: TrackOrder) -> Performance | None:
        """Return an order's way out as it is spoken; None where there is none: the class's problems tell of that.

        Raises CalmcastError, each time alike.
        """
        try:
            alone = way_out(self.scripts[order.script], dict(order.choices), self.strings)
        except ScriptError:
            return None
        return self._performed(alone, order)

    def _performed(self, loaded: LoadedScript, order: TrackOrder) -> Performance:
        key = (order.script, loaded.name, order.choices, order.voice, order.wishes)
        if key not in self.done:
            try:
                self.done[key] = self.perform(loaded, order)
            except CalmcastError as error:
                self.done[key] = error
        found = self.done[key]
        if isinstance(found, CalmcastError):
            raise found
        return found
