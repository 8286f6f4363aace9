"""Questions that work in the background puts to the user: passwords, keys of hosts. What is typed is kept nowhere."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from workbench.ui.jobs import Job
from workbench.ui.models.board.answers import Question, Questions

LOOK_MS = 60
"""Between two looks whether something is asked."""


class Asking(QObject):
    """Shows the questions of jobs as dialogs, one at a time."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._heard: dict[Job, Questions] = {}
        self._is_asking = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def listen(self, job: Job, questions: Questions) -> None:
        """Show what a job asks until it ends."""
        self._heard[job] = questions
        self._timer.start()
        job.finished.connect(lambda: self._leave(job))

    def close(self) -> None:
        """Refuse what is asked: the window goes."""
        self._timer.stop()
        for questions in self._heard.values():
            questions.is_closed.set()

    def _leave(self, job: Job) -> None:
        self._heard.pop(job, None)
        if not self._heard:
            self._timer.stop()

    def _look(self) -> None:
        for job, questions in list(self._heard.items()):
            if job.is_cancelling():
                questions.is_closed.set()
            if not self._is_asking and questions.waiting:
                self._show(job, questions.waiting.popleft())

    def _show(self, job: Job, question: Question) -> None:
        from workbench.ui.views.board.question_dialog import QuestionDialog

        self._is_asking = True
        dialog = QuestionDialog(self._window, question.text)
        dialog.finished.connect(lambda: self._take(question, dialog.answer()))
        job.finished.connect(dialog.reject)
        dialog.open()

    def _take(self, question: Question, answer: str) -> None:
        self._is_asking = False
        question.take(answer)
