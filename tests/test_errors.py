"""Every exception comes through a pickle as it was: processes and machines hand them on."""

import importlib
import pickle
import pkgutil

import pytest

import calmcast
from calmcast.diagnostics import Problem, SourceRef
from calmcast.errors import CalmcastError, LengthError
from calmcast.speech.engines.choose import PassedOver

WHERE = SourceRef("a.yaml", 3, 5, 2, "  - oops")
GIVEN: dict[str, object] = {
    "message": "it went wrong",
    "hint": "do it again",
    "index": 7,
    "problems": (Problem("code", "this is wrong", WHERE),),
    "feasible": (1, 2),
    "passed_over": (PassedOver("piper", "it is not here", "add it"),),
}


def every_exception() -> list[type[Exception]]:
    found = dict[str, type[Exception]]()
    for module in pkgutil.walk_packages(calmcast.__path__, "calmcast."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, type) and issubclass(value, Exception) and value.__module__.startswith("calmcast"):
                    found[f"{value.__module__}.{name}"] = value
    return list(found.values())


@pytest.mark.parametrize("kind", every_exception(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_it_comes_through_whole(kind: type[Exception]) -> None:
    names = (
        kind.__init__.__code__.co_varnames[1 : kind.__init__.__code__.co_argcount]
        if hasattr(kind.__init__, "__code__")
        else ()
    )
    error = kind(**{name: GIVEN[name] for name in names}) if names else kind("it went wrong")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error) == "it went wrong"
    assert vars(again) == vars(error)


def test_the_kinds_are_found() -> None:
    assert {CalmcastError, LengthError} < set(every_exception())
