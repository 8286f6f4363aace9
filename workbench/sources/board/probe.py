"""One look at a board: a script of a POSIX shell asks everything at once, and its answer is cut into sections."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workbench.foundation.steps import Progress, Steps
from workbench.sources.board.links import Link

STAGE = "doctor"
LIMIT = 60.0  # seconds
FOLDERS = (
    *("/usr/lib", "/usr/lib64", "/lib", "/usr/lib/aarch64-linux-gnu", "/usr/local/lib", "/oem/usr/lib"),
    *("/vendor/lib64", "/vendor/lib"),
)
LIBRARIES = tuple(
    f"{folder}/{name}" for folder in FOLDERS for name in ("librknnrt.so", "librknnmrt.so", "librknn_runtime.so")
)
SERVERS = ("/usr/bin/rknn_server", "/oem/usr/bin/rknn_server", "/vendor/bin/rknn_server", "/system/bin/rknn_server")
NAMES = "RKNN_|NN_LAYER_DUMP|VIV_"
"""How variables begin that the vendor's libraries read."""
SIGNS = "rknpu|galcore|rk_iommu|cma_alloc|out of memory|oom-kill|lowmemorykiller"
"""Lines of the kernel that are about the NPU or about memory."""
SCRIPT = f"""
w=$1; r=$2; s() {{ printf '\\n%s %s\\n' "$w" "$1"; }}
once() {{
  seen=
  for f; do
    [ -f "$r$f" ] || continue
    d=$(readlink -f "$r$f"); d=${{d:-$f}}
    case " $seen " in *" $d "*) continue;; esac
    seen="$seen $d"; echo "$(wc -c < "$r$f") $f"
  done
}}
s compatible; tr '\\0' '\\n' < "$r/proc/device-tree/compatible"
s model; tr '\\0' '\\n' < "$r/proc/device-tree/model"
s system; uname -srm; sed -n 's/^PRETTY_NAME=//p' "$r/etc/os-release"
s android; getprop ro.build.version.release
s user; id -u; id -un
s driver; cat "$r/sys/kernel/debug/rknpu/version" "$r/proc/rknpu/version" "$r/sys/module/rknpu/version"
s boot; dmesg | grep -iE 'initialized rknpu|galcore.*version'
s devices; ls "$r/dev/dri" "$r/dev/rknpu" "$r/dev/galcore"
s libraries; once {" ".join(LIBRARIES)}
s servers; once {" ".join(SERVERS)}
s running
for p in "$r"/proc/[0-9]*; do
  read -r n < "$p/comm" && [ "$n" = rknn_server ] && {{
    echo "pid ${{p##*/}}"; tr '\\0' '\\n' < "$p/environ" | grep -E '^({NAMES})'
  }}
done
s variables; env | grep -E '^({NAMES})'
s login
cat "$r/etc/profile" "$r"/etc/profile.d/*.sh "$r/etc/environment" "$HOME/.profile" | grep -E '^ *(export +)?({NAMES})'
s memory; cat "$r/proc/meminfo"
s kernel; dmesg | grep -iE '{SIGNS}' | tail -n 300
s python; python3 -c 'import sys; print(sys.version.split()[0])'
python3 -c 'import importlib.metadata as m; print(m.version("rknn-toolkit-lite2"))'
s end
"""
FOLDER = """
d=$1; [ -d "$d" ] && echo there; p=$d
while [ ! -d "$p" ] && [ "$p" != / ]; do p=${p%/*}; p=${p:-/}; done
echo "in $p"; [ -w "$p" ] && echo writable
"""


@dataclass(frozen=True)
class Probe:
    """What a board answered, line by line, by section; a section without an answer is empty."""

    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def lines(self, name: str) -> tuple[str, ...]:
        """The lines of a section."""
        return self.sections.get(name, ())

    def first(self, name: str) -> str:
        """The first line of a section, "" without one."""
        return next(iter(self.lines(name)), "")


@dataclass(frozen=True)
class Folder:
    """A folder for dumps on a board. `inside`: the folder above that exists, itself where it does; `free`: bytes."""

    path: str
    is_there: bool
    is_writable: bool
    inside: str
    free: int


def probe(link: Link, root: str = "") -> Steps[Probe]:
    """Ask a board for all that can be told by a script; nothing there is changed. `root`: where its files are."""
    word = f"rknn-{secrets.token_hex(8)}"  # nothing on the board can know it
    lines = yield from _answered(link, ("sh", "-c", f"{{ {SCRIPT}\n}} 2>/dev/null", "sh", word, root))
    return Probe(_sections(lines, word))


def look_at_folder(link: Link, path: str) -> Steps[Folder]:
    """Whether dumps could be written into a folder, and how much room there is."""
    lines = yield from _answered(link, ("sh", "-c", f"{{ {FOLDER}\n}} 2>/dev/null", "sh", path))
    inside = next((line[3:] for line in lines if line.startswith("in /")), "/")
    return Folder(path, "there" in lines, "writable" in lines, inside, link.space(inside))


def rooted(root: str, path: str) -> str:
    """A path of the board where its files are looked at."""
    return str(PurePosixPath(root + path)) if root else path


def _answered(link: Link, command: Sequence[str]) -> Steps[tuple[str, ...]]:
    """What a command of ours writes; not for the log."""
    steps = link.run(command, limit=LIMIT)
    try:
        while True:
            next(steps)
            yield Progress(STAGE, 0, 0)
    except StopIteration as stop:
        lines: tuple[str, ...] = stop.value.lines
        return lines
    finally:
        steps.close()


def _sections(lines: Sequence[str], word: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        begin, _, name = line.partition(" ")
        if begin == word:
            current = found.setdefault(name, [])
        elif line.strip():
            current.append(line.strip())
    return {name: tuple(section) for name, section in found.items()}
