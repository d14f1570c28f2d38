"""Background work: plain functions run in lanes, their outcome delivered on the UI thread.

Workers append what happened to a deque and emit one queued signal; nothing that belongs to Qt is
created, owned or destroyed outside the UI thread. A job without a listener for its failure hands
the exception to the crash path, so errors cannot vanish.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from svcdesk.system.job import Cancelled, JobContext

WRITE, READ = "write", "read"
LANES = {WRITE: 1, READ: 2}  # threads; the writer connection belongs to one thread

JobFunction = Callable[[JobContext], Any]


class JobHandle(QObject):
    """What the one who asked holds: signals of the outcome, and the way to cancel."""

    progressed = Signal(object, object, str)  # done, total (0: unknown), text
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, owner: QObject, task: Task) -> None:
        super().__init__(owner)
        self._task = task
        self._watched = False

    @property
    def running(self) -> bool:
        """Whether the outcome is still to come."""
        return not self._task.done

    def cancel(self) -> None:
        """Ask the job to stop; ``cancelled`` follows, late results are dropped."""
        self._task.cancel()

    def on_failure(self, slot: Callable[[Any], None]) -> JobHandle:
        """Connect ``slot`` to ``failed`` and take over responsibility for errors."""
        self._watched = True
        self.failed.connect(slot)
        return self

    def on_success(self, slot: Callable[[Any], None]) -> JobHandle:
        """Connect ``slot`` to ``succeeded``."""
        self.succeeded.connect(slot)
        return self

    @property
    def watched(self) -> bool:
        """Whether somebody deals with this job's failure."""
        return self._watched


class Task:
    """One job as the worker sees it; the :class:`JobContext` handed to the function."""

    def __init__(self, function: JobFunction, post: Callable[[Task, str, Any], None]) -> None:
        self._function = function
        self._post = post
        self._stop = threading.Event()
        self._hooks: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self.handle: JobHandle | None = None
        self.done = False  # written and read on the UI thread only
        self._latest: tuple[int, int, str] | None = None

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Report progress; reports that were not delivered yet are replaced by this one."""
        with self._lock:
            waiting = self._latest is not None
            self._latest = (done, total, text)
        if not waiting:
            self._post(self, "progress", None)

    def take_progress(self) -> tuple[int, int, str]:
        """Return the newest report (UI thread)."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest or (0, 0, "")

    def check(self) -> None:
        """Raise :class:`Cancelled` when the user asked to stop."""
        if self._stop.is_set():
            raise Cancelled

    def on_cancel(self, hook: Callable[[], None]) -> None:
        """Call ``hook`` at the moment of cancelling, at once when that has passed."""
        with self._lock:
            self._hooks.append(hook)
            late = self._stop.is_set()
        if late:
            hook()

    def cancel(self) -> None:
        """Set the stop mark and call the hooks (UI thread).

        The lock is held meanwhile: the worker cannot go on to its next job, whose query the hook
        would interrupt, before the hooks are done.
        """
        with self._lock:
            if self._stop.is_set():
                return
            self._stop.set()
            for hook in self._hooks:
                hook()

    @property
    def stopped(self) -> bool:
        """Whether cancelling was asked for."""
        return self._stop.is_set()

    def run(self) -> None:
        """Do the work in the worker thread and post the outcome."""
        try:
            self.check()
            try:
                result = self._function(self)
            finally:
                with self._lock:
                    self._hooks.clear()
            self.check()
        except Cancelled:
            self._post(self, "cancelled", None)
        except BaseException as error:  # noqa: BLE001 - every failure must reach the UI thread
            kind = "cancelled" if self.stopped else "failed"
            self._post(self, kind, error)
        else:
            self._post(self, "succeeded", result)


class Runner(Protocol):
    """What pages need of a job runner."""

    def start(self, function: JobFunction, *, lane: str, owner: QObject) -> JobHandle:
        """Run ``function`` in ``lane``; ``owner``'s end cancels it."""
        ...

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        ...


def raise_in_loop(error: BaseException) -> None:
    """Hand a failure nobody listens for to the crash path."""
    sys.excepthook(type(error), error, error.__traceback__)


class JobRunner(QObject):
    """Runs jobs in lanes of threads."""

    busy_changed = Signal(int)  # number of jobs under way
    _wake = Signal()  # the only signal ever emitted by a worker

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._posts: deque[tuple[Task, str, Any]] = deque()
        self._tasks: set[Task] = set()
        self._lanes = {
            name: ThreadPoolExecutor(threads, thread_name_prefix=f"svcdesk-{name}")
            for name, threads in LANES.items()
        }
        self._wake.connect(self._drain)
        self._closed = False

    def start(self, function: JobFunction, *, lane: str, owner: QObject) -> JobHandle:
        """Run ``function(context)`` in ``lane``; when ``owner`` is destroyed it is cancelled.

        After :meth:`shutdown` nothing is run any more; the handle stays silent.
        """
        task = Task(function, self._post)
        handle = JobHandle(owner, task)
        task.handle = handle
        if self._closed:  # a timer of an open form fires while the program ends
            task.cancel()
            return handle
        self._tasks.add(task)
        # A collection would run in whichever thread allocates; widgets that a worker frees crash.
        gc.disable()
        owner.destroyed.connect(task.cancel)
        self._lanes[lane].submit(task.run)
        self.busy_changed.emit(len(self._tasks))
        return handle

    @property
    def busy(self) -> int:
        """How many jobs are under way."""
        return len(self._tasks)

    def cancel_all(self) -> None:
        """Ask every job to stop."""
        for task in list(self._tasks):
            task.cancel()

    def in_every_thread(self, lane: str, function: Callable[[], None]) -> None:
        """Run ``function`` once in each thread of ``lane`` and wait, e.g. to close connections."""
        barrier = threading.Barrier(LANES[lane])

        def work() -> None:
            with contextlib.suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=5)
            function()

        for future in [self._lanes[lane].submit(work) for _ in range(LANES[lane])]:
            future.result()

    def shutdown(self) -> None:
        """Cancel everything and wait for the threads to end."""
        if self._closed:
            return
        self._closed = True
        self.cancel_all()
        for lane in self._lanes.values():
            lane.shutdown(wait=True, cancel_futures=True)
        self._tasks.clear()
        gc.enable()

    def _post(self, task: Task, kind: str, value: Any) -> None:
        self._posts.append((task, kind, value))
        if shiboken6.isValid(self):
            self._wake.emit()

    def _drain(self) -> None:
        while self._posts:
            task, kind, value = self._posts.popleft()
            deliver(task, kind, value)
            if kind != "progress":
                self._tasks.discard(task)
                if not self._tasks:
                    gc.enable()
                self.busy_changed.emit(len(self._tasks))


def deliver(task: Task, kind: str, value: Any) -> None:
    """Emit one outcome on the task's handle (UI thread)."""
    handle = task.handle
    alive = handle is not None and shiboken6.isValid(handle)
    if kind == "progress":
        report = task.take_progress()
        if alive and handle is not None and not task.stopped:
            handle.progressed.emit(*report)
        return
    task.done = True
    if task.stopped:
        kind = "cancelled"
    if not alive or handle is None:
        if kind == "failed":
            raise_in_loop(value)
        return
    if kind == "succeeded":
        handle.succeeded.emit(value)
    elif kind == "cancelled":
        handle.cancelled.emit()
    elif handle.watched:
        handle.failed.emit(value)
    else:
        raise_in_loop(value)
    if shiboken6.isValid(handle):
        handle.finished.emit()
        handle.deleteLater()


class ImmediateRunner(QObject):
    """The same interface without threads: the job runs when control returns to the event loop."""

    busy = 0  # nothing is ever under way while somebody asks

    def start(self, function: JobFunction, *, lane: str, owner: QObject) -> JobHandle:
        """Run ``function`` at the next turn of the event loop, after signals were connected."""
        if lane not in LANES:
            raise KeyError(lane)
        posts: list[tuple[Task, str, Any]] = []

        def post(task: Task, kind: str, value: Any) -> None:
            posts.append((task, kind, value))

        task = Task(function, post)
        task.handle = JobHandle(owner, task)
        owner.destroyed.connect(task.cancel)

        def run() -> None:
            task.run()
            for entry in posts:
                deliver(*entry)

        QTimer.singleShot(0, self, run)
        return task.handle


class Latest:
    """Keeps one running job per purpose: starting again cancels the one before."""

    def __init__(self, runner: Runner, owner: QObject) -> None:
        self._runner = runner
        self._owner = owner
        self._handle: JobHandle | None = None

    def start(self, function: JobFunction, *, lane: str = READ) -> JobHandle:
        """Cancel the previous job and start ``function``."""
        self.cancel()
        self._handle = self._runner.start(function, lane=lane, owner=self._owner)
        return self._handle

    def cancel(self) -> None:
        """Stop the running job, if any."""
        if self._handle is not None and shiboken6.isValid(self._handle):
            self._handle.cancel()
        self._handle = None
