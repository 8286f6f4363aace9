"""Questions of links to boards: answered at the terminal, refused where nobody sits there. Nothing is kept."""

import sys


class Asked:
    """Asks each question once; the answers live as long as this does."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, question: str) -> str:
        """What the user types, unseen where it is a secret; "" where there is no terminal."""
        if question not in self._known:
            self._known[question] = self._typed(question) if sys.stdin.isatty() and sys.stderr.isatty() else ""
        return self._known[question]

    def _typed(self, question: str) -> str:
        if question.startswith(("Password", "Passphrase")):
            import getpass

            return getpass.getpass(f"{question} ", stream=sys.stderr)
        from workbench.cli.console import harmless

        sys.stderr.write(f"{harmless(question)} ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()
