"""Shows the error with the vendor's toolkit alone: `python reproduce.py`, in the interpreter that has the toolkit.

The calls stand in calls.json with their arguments. What the toolkit's analysis says of the layers in question is
printed beside what RKNN Workbench found; all files of the analysis are left in `snapshot`.
"""

import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPORT = HERE / "snapshot" / "error_analysis.txt"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    os.chdir(str(HERE))  # paths in calls.json and dataset.txt begin here
    asked = json.loads((HERE / "calls.json").read_text(encoding="utf-8"))
    from rknn.api import RKNN

    toolkit = RKNN(verbose=False)
    for call in asked["calls"]:
        given = ", ".join(f"{name}={value!r}" for name, value in call["arguments"].items())
        print(f"rknn.{call['method']}({given})")
        result = getattr(toolkit, call["method"])(**call["arguments"])
        if result not in (0, None):
            print(f"rknn.{call['method']} gave {result!r}")
            return 1
    if not REPORT.is_file():
        print(f"The toolkit wrote no {REPORT}.")
        return 1
    lines = COLOURS.sub("", REPORT.read_text(encoding="utf-8")).splitlines()
    print("\nThe layers in question:")
    for expected in asked["layers"]:
        print(f"\n{expected['tensor']}\n  RKNN Workbench: {expected['errors']}")
        found = of_tensor(lines, expected["tensor"]) or of_tensor(lines, expected["golden"])
        print("\n".join(f"  toolkit:        {line}" for line in found or ["no line of this name"]))
    sys.stdout.flush()
    os._exit(0)  # the toolkit's own way out may crash when everything is done


def of_tensor(lines: list, name: str) -> list:
    return [" ".join(line.split()) for line in lines if name in line.split()]


if __name__ == "__main__":
    sys.exit(main())
