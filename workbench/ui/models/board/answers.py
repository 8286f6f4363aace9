"""Questions of work in the background and their answers: passwords, keys of hosts. Nothing here knows Qt."""

import threading
from collections import deque
from dataclasses import dataclass, field

LOOK = 0.06
"""Seconds between two looks whether somebody answered."""


@dataclass
class Question:
    """A question and its answer; "" is a refusal. Whoever asks waits for `answered`."""

    text: str
    answer: str = field(default="", repr=False)
    answered: threading.Event = field(default_factory=threading.Event)

    def take(self, answer: str) -> None:
        """Note what the user said."""
        self.answer = answer
        self.answered.set()


@dataclass
class Questions:
    """Questions of worker threads, and what was answered for as long as this lives. Nothing here knows Qt."""

    waiting: deque[Question] = field(default_factory=deque)
    known: dict[str, str] = field(default_factory=dict, repr=False)
    is_closed: threading.Event = field(default_factory=threading.Event)

    def __call__(self, text: str) -> str:
        """The user's answer; "" where it is refused, or where the window is closed meanwhile."""
        question = Question(text)
        self.waiting.append(question)
        while not question.answered.wait(LOOK):
            if self.is_closed.is_set():
                return ""
        if question.answer:
            self.known[text] = question.answer
        return question.answer


@dataclass(frozen=True)
class Answers:
    """Gives answers that are known and refuses the rest. It may go into another process."""

    known: dict[str, str] = field(repr=False)

    def __call__(self, text: str) -> str:
        return self.known.get(text, "")
