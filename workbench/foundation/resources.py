"""Where the program's own files are: icons, translations, help pages, the report's template, the demo."""

from pathlib import Path

import workbench


def resource(*parts: str) -> Path:
    """The path of a file that comes with the program.

    In a checkout `resources/` stands beside the package; in an installed wheel it is inside it.
    """
    package = Path(workbench.__file__).resolve().parent
    inside = package / "resources"
    return (inside if inside.is_dir() else package.parent / "resources").joinpath(*parts)
