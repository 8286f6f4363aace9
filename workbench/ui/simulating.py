"""Which simulator a run uses: ours, the vendor's toolkit, or none; and what is missing for one of them."""

from PySide6.QtCore import QObject, Signal

from workbench.graph.foreign.kinds import ONNX, RKNN, TITLES
from workbench.project.comparison.sides import Side
from workbench.project.session import SIMULATORS
from workbench.ui.comparing import Comparison
from workbench.ui.models.spoken import spoken
from workbench.ui.workspace import Workspace

BESIDE = ("embedded", "toolkit")
"""Under which names the results of a simulator hold what the other one made."""
USUAL = "rknn-toolkit2"


class Simulators(QObject):
    """The choice of the open session. `changed` tells that it, or what is missing, is another one."""

    changed = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._toolkits: tuple[str, ...] | None = None
        self.described: tuple[str, ...] = ()
        """The names by which a session chooses one of the toolkits; the first is the usual one."""
        workspace.session_changed.connect(self.changed)
        workspace.results_changed.connect(self.changed)

    @property
    def chosen(self) -> str:
        """What simulates."""
        session = self._workspace.session
        return session.simulator if session is not None else SIMULATORS[0]

    @property
    def lacks_toolkit(self) -> bool:
        """Whether no toolkit is known, once somebody has looked for one."""
        return self._toolkits == ()

    @property
    def toolkit(self) -> str:
        """What the toolkit that runs is called; "" without one."""
        session = self._workspace.session
        named = session.toolkit if session is not None else ""
        if named in self.described and self._toolkits:
            return self._toolkits[self.described.index(named)]
        return named or (self._toolkits[0] if self._toolkits else "")

    def take_toolkits(self, names: tuple[str, ...], described: tuple[str, ...] = ()) -> None:
        """Note which toolkits there are, by package and version and as they are described; the first is the usual."""
        if (names, described) != (self._toolkits, self.described):
            self._toolkits, self.described = names, described
            self.changed.emit()

    def choose(self, name: str) -> None:
        """Let another one simulate from the next run on."""
        if self._workspace.session is not None and name != self.chosen:
            self._workspace.change(simulator=name)

    def title(self, name: str) -> str:
        """What it is called."""
        titles = {
            "embedded": self.tr("Embedded"), "toolkit": self.tr("Vendor's toolkit"), "none": self.tr("None"),
        }  # fmt: skip
        return titles[name]

    def story(self, name: str) -> str:
        """What it does, in a sentence."""
        stories = {
            "embedded": self.tr("Computes as the toolkit's simulator does, here, in seconds."),
            "toolkit": self.tr("Runs the vendor's accuracy analysis with {0}; the embedded simulator runs beside it."),
            "none": self.tr("Only golden values: for dumps of a board, or networks that are not quantized here."),
        }
        if name == "toolkit" and self._framework != ONNX:
            return self.tr("Runs the vendor's accuracy analysis with {0}.").format(self.toolkit or USUAL)
        return stories[name].format(self.toolkit or USUAL)

    def missing(self, name: str) -> tuple[str, str]:
        """Why it cannot run with the present settings, and what to do; "" where it can."""
        if name != "none" and self._framework == RKNN:
            told = self.tr("This is the toolkit's own graph: it can be looked at, not run.")
            return told, self.tr("Open the network that it was made from.")
        if name == "toolkit":
            return self._missing_of_toolkit()
        return self._missing_of_embedded() if name == "embedded" else ("", "")

    def beside(self) -> Comparison | None:
        """The vendor's values compared with those of the embedded simulator, where the session holds both."""
        results, folder = self._workspace.own_results, self._workspace.folder
        other = next((name for name in BESIDE if results is not None and results.dumps.get(name)), None)
        if folder is None or other is None:
            return None
        return Comparison((Side(folder, "toolkit"), Side(folder, "embedded")))  # the vendor's are the reference

    def _missing_of_toolkit(self) -> tuple[str, str]:
        session = self._workspace.session
        if self.lacks_toolkit:
            return self.tr("The vendor's toolkit is not set up."), self.tr("Set it up, or add one that is installed.")
        if session is None:
            return "", ""
        if self._brings_quantization():
            told = self.tr("The toolkit analyses networks that bring their own quantization on a board only.")
            hint = self.tr("Choose the embedded simulator, or open the network in float.")
            other = self.tr("Open the network in float, or choose None and import the dumps of a board.")
            return told, hint if self._framework == ONNX else other
        if session.plan is not None:
            told = self.tr("The toolkit makes its plan itself and takes none from a file.")
            return told, self.tr("Remove the plan, or choose the embedded simulator.")
        from workbench.sources.toolkit.configured import problems  # only once somebody thinks of it

        found = problems(session.quant)
        return (spoken(found[0][0]), spoken(found[0][1])) if found else ("", "")

    def _brings_quantization(self) -> bool:
        from workbench.sources.toolkit.configured import quantizes_itself

        model = self._workspace.model
        return model is not None and quantizes_itself(model)

    @property
    def _framework(self) -> str:
        model = self._workspace.model
        return ONNX if model is None else model.framework

    def _missing_of_embedded(self) -> tuple[str, str]:
        if self._framework == ONNX:
            return "", ""
        told = self.tr("The embedded simulator computes ONNX networks only; this one is of {0}.")
        hint = self.tr("Choose the vendor's toolkit, or export the network to ONNX.")
        return told.format(TITLES[self._framework]), hint
