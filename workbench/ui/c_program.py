"""The window that checks the C program: asks the worker process, shows what it found."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.foundation.errors import WorkbenchError
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
        view.setObjectName(name := f"capi.{self._views}")  # questions of two windows are not one
        view.input.wanted.connect(lambda fed: self._check(view, fed))
        view.input.proof_wanted.connect(lambda fed: self._prove(view, fed))
        view.attributes.wanted.connect(lambda text: self._explain(view, text))
        view.output.wanted.connect(lambda got: self._read(view, got))
        view.code.wanted.connect(lambda language, is_raw: self._write(view, language, is_raw))
        view.finished.connect(lambda: self._forget(name))
        view.show()
        return view

    def _check(self, view: "ProgramWindow", fed: Fed) -> None:
        said = self._said(view, fed)
        self._of_session(view, "input", c_program.check_fed, (said,), view.input.show_answer, view.input)

    def _prove(self, view: "ProgramWindow", fed: Fed) -> None:
        said = self._said(view, fed)
        self._of_session(view, "input", c_program.prove, (said,), view.input.show_proof, view.input)

    def _explain(self, view: "ProgramWindow", text: str) -> None:
        self._ask(view, "attrs", c_program.explain, (text,), view.attributes.show_answers, view.attributes)

    def _read(self, view: "ProgramWindow", got: Got) -> None:
        args = (replace(got, attrs=got.attrs or view.attributes.said), self._workspace.session, self._workspace.folder)
        self._ask(view, "output", c_program.read_got, args, view.output.show_answer, view.output)

    def _write(self, view: "ProgramWindow", language: str, is_raw: bool) -> None:
        args = (language, is_raw, view.attributes.said)
        self._of_session(view, "code", c_program.snippet, args, view.code.show_code, view.code)

    def _said(self, view: "ProgramWindow", fed: Fed) -> Fed:
        return replace(fed, attrs=view.attributes.said)

    def _of_session(
        self,
        view: "ProgramWindow",
        what: str,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        done: Callable[[Any], None],
        page: "Page",
    ) -> None:
        session, folder = self._workspace.session, self._workspace.folder
        if session is not None and folder is not None:
            self._ask(view, what, function, (session, folder, *args), done, page)

    def _ask(
        self,
        view: "ProgramWindow",
        what: str,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        done: Callable[[Any], None],
        page: "Page",
    ) -> None:
        key = f"{view.objectName()}.{what}"
        self._jobs.ask_process(key, function, args, done, lambda error: self._fail(page, error))

    def _fail(self, page: "Page", error: BaseException) -> None:
        """Say it where it was asked for; a defect is told as one."""
        self._messages.note(error)
        if isinstance(error, WorkbenchError):
            page.show_answer(Answer((Told(error.message, "bad", error.hint),)))

    def _forget(self, name: str) -> None:
        """A window has gone: it wants no answers any more."""
        for what in ("input", "attrs", "output", "code"):
            self._jobs.forget(f"{name}.{what}")


class Page(Protocol):
    """Shows an answer."""

    def show_answer(self, answer: Answer) -> None: ...
