"""The window that checks the C program: asks the worker process, shows what it found."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.foundation.errors import WorkbenchError
from workbench.foundation.steps import T
from workbench.project.session import Session
from workbench.ui.actions import Actions
from workbench.ui.jobs import JobPool
from workbench.ui.messages import Messages
from workbench.ui.models.board import c_program
from workbench.ui.models.board.c_program import Answer, Fed, Got
from workbench.ui.models.told import Told
from workbench.ui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.ui.views.capi.window import ProgramWindow


class CProgram(QObject):
    """Does what "Check the C program…" asks for."""

    def __init__(self, window: QWidget, workspace: Workspace, jobs: JobPool, messages: Messages) -> None:
        super().__init__(window)
        self._window, self._workspace, self._jobs, self._messages = window, workspace, jobs, messages
        self._views = 0

    def connect_actions(self, actions: Actions) -> None:
        """Let the menu's action do it."""
        actions.c_program.triggered.connect(lambda: self.show())

    def show(self) -> "ProgramWindow":
        """A window on the open session; without one buffers are read by what the program printed."""
        from workbench.ui.views.capi.window import ProgramWindow

        session, model = self._workspace.session, self._workspace.model
        graph = model.graph if model is not None and session is not None else None
        inputs = [item.name for item in graph.inputs] if graph is not None else []
        outputs = [item.name for item in graph.outputs] if graph is not None else []
        view = ProgramWindow(self._window, session.model.name if session is not None else "", inputs, outputs)
        self._views += 1
        pages = {"input": view.input, "attrs": view.attributes, "output": view.output, "code": view.code}
        names = [f"capi.{self._views}.{name}" for name in pages]  # questions of two windows are not one
        for name, page in zip(names, pages.values(), strict=True):
            page.setObjectName(name)
        view.input.wanted.connect(lambda fed: self._check(view, fed))
        view.input.proof_wanted.connect(lambda fed: self._prove(view, fed))
        view.attributes.wanted.connect(lambda text: self._explain(view, text))
        view.output.wanted.connect(lambda got: self._read(view, got))
        view.code.wanted.connect(lambda language, is_raw: self._write(view, language, is_raw))
        view.finished.connect(lambda: self._forget(names))
        view.show()
        return view

    def _check(self, view: "ProgramWindow", fed: Fed) -> None:
        call = partial(c_program.check_fed, fed=self._said(view, fed))
        self._of_session(view.input, call, view.input.show_answer)

    def _prove(self, view: "ProgramWindow", fed: Fed) -> None:
        self._of_session(view.input, partial(c_program.prove, fed=self._said(view, fed)), view.input.show_proof)

    def _explain(self, view: "ProgramWindow", text: str) -> None:
        self._ask(view.attributes, partial(c_program.explain, text), view.attributes.show_answers)

    def _read(self, view: "ProgramWindow", got: Got) -> None:
        got = replace(got, attrs=got.attrs or view.attributes.said)
        call = partial(c_program.read_got, got, self._workspace.session, self._workspace.folder)
        self._ask(view.output, call, view.output.show_answer)

    def _write(self, view: "ProgramWindow", language: str, is_raw: bool) -> None:
        call = partial(c_program.snippet, language=language, is_raw=is_raw, attrs=view.attributes.said)
        self._of_session(view.code, call, view.code.show_code)

    def _said(self, view: "ProgramWindow", fed: Fed) -> Fed:
        return replace(fed, attrs=view.attributes.said)

    def _of_session(self, page: "Page", call: Callable[[Session, Path], T], done: Callable[[T], None]) -> None:
        """Ask what needs the open session."""
        session, folder = self._workspace.session, self._workspace.folder
        if session is not None and folder is not None:
            self._ask(page, partial(call, session, folder), done)

    def _ask(self, page: "Page", call: Callable[[], T], done: Callable[[T], None]) -> None:
        """Ask the worker process; a page's later question takes the place of its earlier one."""
        self._jobs.ask_process(page.objectName(), call, (), done, lambda error: self._fail(page, error))

    def _fail(self, page: "Page", error: BaseException) -> None:
        """Say it where it was asked for; a defect is told as one."""
        self._messages.note(error)
        if isinstance(error, WorkbenchError):
            page.show_answer(Answer((Told(error.message, "bad", error.hint),)))

    def _forget(self, names: Sequence[str]) -> None:
        """A window has gone: its pages want no answers any more."""
        for name in names:
            self._jobs.forget(name)


class Page(Protocol):
    """Shows an answer to the question of its name."""

    def objectName(self) -> str: ...

    def show_answer(self, answer: Answer) -> None: ...
