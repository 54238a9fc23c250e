"""Which folders have a page to be served: those of classes, and those of their clients."""

import shlex
from pathlib import Path

from calmcast.classes.owned_files import CLIENTS, owned
from calmcast.errors import ScriptError
from calmcast.inside import leads_out
from calmcast.publish.names import ascii_name, safe_name
from calmcast.text import suggestion
from calmcast.web.site import INDEX
from calmcast.workspace.folder import normal


def pages(parent: Path) -> dict[str, Path]:
    """Return each folder of `parent` that has a page, by name; none where it cannot be read, or leads elsewhere."""
    try:
        folders = sorted(path for path in parent.iterdir() if not path.name.startswith("."))
    except OSError:
        return {}
    return {normal(path.name): path for path in folders if (path / INDEX).is_file() and not leads_out(path / INDEX)}


def page_folder(output: Path, name: str, client: str | None, *, is_class: bool) -> Path:
    """Return the folder of a class or of its client. Raises ScriptError where there is none with a page.

    A shell completes `output/tuesday/`, so that is the class tuesday too. `is_class`: there is a class of this name.
    """
    place, there = Path(name), pages(output)
    folder = _chosen(there, place.name if place.absolute().parent == output.absolute() else name)
    if folder is None:
        make = f"calmcast playlist {shlex.quote(name)} makes it"
        close = None if is_class else suggestion(name, there)
        raise ScriptError(
            f"there is no page of a class `{name}` in {output}", f"{close} If not, {make}" if close else make
        )
    if client is None:
        return folder
    there = pages(folder / CLIENTS)
    of_clients = {name: path for name, path in there.items() if not owned(path).client}
    of_clients |= {owned(path).client: path for path in there.values() if owned(path).client}
    found = _chosen(of_clients, client)
    if found is None:
        names = ", ".join(of_clients)
        others = f"there is: {names}" if names else f"add one to it, and calmcast playlist {folder.name}"
        hint = suggestion(client, of_clients) or others
        raise ScriptError(f"nothing was made for a client `{client}` of {folder.name}", hint)
    return found


def _chosen(there: dict[str, Path], name: str) -> Path | None:
    """Return the folder of a name, as it is written or as files are named."""
    forms = () if set(name) & set("/\\") else (normal(name), safe_name(name), ascii_name(name, "client"))
    return next((there[form] for form in forms if form in there), None)
