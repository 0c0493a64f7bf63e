"""What can go wrong with a Dask cluster, and how it is told."""

from __future__ import annotations

from icfscore import __version__
from icfscore.errors import InputError
from icfscore.pipeline.engine import WorkersLostError
from icfscore.sentences import say


def unreachable(address: str, reason: str) -> InputError:
    """Say that there is no scheduler."""
    return InputError.of(
        say("no Dask scheduler at {address}: {reason}", address=address, reason=reason),
        say("its address looks like tcp://10.0.0.5:8786; 'dask scheduler' says it when it starts"),
    )


def lost_scheduler(address: str) -> WorkersLostError:
    """Say that the scheduler went away in the middle."""
    return WorkersLostError.of(say("the Dask scheduler at {address} is gone", address=address))


def worn_out(address: str) -> WorkersLostError:
    """Say that workers die of the work."""
    return WorkersLostError.of(
        say("workers of {address} died again and again of the same work", address=address),
        say("mostly for want of memory: give each worker more, or have fewer on a machine"),
    )


def missing_package(address: str, package: str) -> InputError:
    """Say that a worker cannot import a package."""
    return InputError.of(
        say("a worker of {address} has no package {package}", address=address, package=package),
        say("install icfscore {version} on every worker", version=__version__),
    )


def other_version(address: str, package: str, theirs: str, mine: str) -> InputError:
    """Say that a worker has another version of a package."""
    return InputError.of(
        say(
            "a worker of {address} has {package} {theirs}, this machine {mine}",
            address=address,
            package=package,
            theirs=theirs,
            mine=mine,
        ),
        say("give the workers the same packages as this machine"),
    )
