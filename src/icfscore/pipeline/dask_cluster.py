"""The way to a Dask cluster: one that is there, or one started here for as long as it is needed."""

from __future__ import annotations

import logging
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from multiprocessing import resource_tracker

from icfscore.errors import InputError
from icfscore.pipeline.dask_engine import DaskEngine
from icfscore.pipeline.dask_errors import unreachable
from icfscore.pipeline.workers import n_cores, without_interrupts
from icfscore.sentences import say

PATIENCE = 10.0  # seconds to wait for a scheduler
LOGGERS = (
    "distributed",
    "distributed.client",
    "tornado",
    "tornado.application",
    "bokeh",
    "asyncio",
)
# What workers do beside the work, a hundred and two times a second by default.
LIGHT = {
    "distributed.worker.profile.interval": "100ms",
    "distributed.admin.system-monitor.interval": "2s",
}
ADDRESS = re.compile(r"(tcp|tls|ws|wss)://[^/\s]+:\d+/?")


@contextmanager
def open_dask(
    scheduler: str | None = None,
    jobs: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[DaskEngine]:
    """Connect to a scheduler, or start one with workers on this machine.

    Parameters
    ----------
    scheduler
        Its address; None: a cluster of this machine's own, which ends with the context.
    jobs
        Worker processes of that cluster; None: one a processor core.
    told
        Told what a user wants to know: where the dashboard is, what is waited for.

    Raises
    ------
    InputError
        Where Dask is not installed, there is no scheduler, or a worker has other packages.
    """
    if find_spec("distributed") is None:
        raise InputError.of(
            say("--engine dask needs the package distributed"),
            say("install it: pip install 'icfscore[dask]'"),
        )
    if scheduler is not None and not ADDRESS.fullmatch(scheduler):
        raise unreachable(scheduler, say("is no address"))
    import dask
    from distributed import Client  # gives its loggers their levels

    if scheduler is not None and scheduler.startswith(("tls", "wss")) and not _has_certificates():
        raise unreachable(scheduler, say("no certificates: set distributed.comm.tls for Dask"))
    settings = {"logging": dict.fromkeys(LOGGERS, "critical"), **LIGHT}
    with ExitStack() as stack:
        stack.enter_context(_hushed())
        stack.enter_context(dask.config.set(settings))
        address = stack.enter_context(_start(jobs)) if scheduler is None else scheduler
        try:
            client = stack.enter_context(Client(address, timeout=PATIENCE, set_as_default=False))
        except OSError:
            raise unreachable(address, say("nobody answers")) from None
        told(say("dashboard: {address}", address=client.dashboard_link))
        engine = DaskEngine(client, address)
        if not engine.n_threads:
            told(say("no workers at {address} yet: waiting for the first", address=address))
        engine.check_versions()
        yield engine


def _has_certificates() -> bool:
    """Tell whether Dask's settings say how to encrypt."""
    from distributed import Security

    return Security().get_connection_args("client").get("ssl_context") is not None


@contextmanager
def _start(jobs: int | None) -> Iterator[str]:
    """Start a scheduler and workers that nobody reaches from elsewhere, and give its address."""
    from distributed import LocalCluster

    if hasattr(signal, "pthread_sigmask"):
        # Where it is started later, it lets interrupts in again.
        resource_tracker.ensure_running()
    with without_interrupts():  # Ctrl-C is for this process, which stops the others
        cluster = LocalCluster(
            n_workers=jobs or n_cores(),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        )
    with cluster:
        yield cluster.scheduler_address


@contextmanager
def _hushed() -> Iterator[None]:
    """Let Dask's loggers be quiet: what they tell of lost workers, this module deals with."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
