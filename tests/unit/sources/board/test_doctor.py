"""What is said of a board, and what mends it; the boards are folders and programs that play one."""

import shlex
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.boards import PlayedBoard
from tests.helpers.waiting import until
from tests.unit.sources.board.made_board import BOOT, RUNTIME, SERVER, MadeBoard, told
from workbench.foundation.steps import drain
from workbench.sources.board.checks import CHECKS, LEVELS, findings
from workbench.sources.board.doctor import Examined, Finding, examine, reach
from workbench.sources.board.links import LinkError, connect
from workbench.sources.board.probe import Folder, Probe
from workbench.sources.board.state import State
from workbench.sources.board.versions import version_in
from workbench.sources.knowledge import about, recognise
from workbench.sources.toolkit.descriptions import Toolkit
from workbench.sources.toolkit.host import look

PLACE = Folder("/userdata", True, True, "/userdata", 1 << 40)
GOOD = State(
    "ssh", "root@board", "", "rk3588", "2.3.2",
    Probe({"user": ("0", "root"), "running": ("pid 1",), "python": ("3.9.2", "2.3.2")}),
    {"/usr/lib/librknnrt.so": "2.3.2"}, {"/usr/bin/rknn_server": "2.3.2"}, "0.9.8", PLACE, PLACE,
)  # fmt: skip


def findings_of(**changes: Any) -> list[Finding]:
    """What is said of a good board but for some facts."""
    return list(findings(replace(GOOD, **changes)))


@pytest.fixture
def board(local_board: PlayedBoard) -> MadeBoard:
    made = MadeBoard(local_board)
    made.dumps.mkdir()
    return made


def finding(examined: Examined, part: str) -> Finding:
    """The one finding that has these words."""
    (found,) = [item for item in examined.findings if part in item.title]
    return found


def test_that_a_good_board_has_nothing_to_mend(board: MadeBoard) -> None:
    assert told(board.examined()) == []


def test_that_the_facts_say_what_the_board_is(board: MadeBoard) -> None:
    facts = board.examined().facts

    assert facts["chip"] == "rk3588"
    assert facts["board"] == "Vendor RK3588S Board"
    assert "Debian GNU/Linux 11" in facts["system"]
    assert facts["user"] == "root (root)"
    assert facts["driver"] == "rknpu 0.9.8"
    assert facts["runtime"] == "2.3.2 (/usr/lib/librknnrt.so)"
    assert facts["server"] == "2.3.2 (/usr/bin/rknn_server)"
    assert facts["server runs"] == "yes"
    assert facts["python"] == "3.9.2, rknn-toolkit-lite2 2.3.2"
    assert facts["memory"] == "8192 MB in all, 6144 MB available, 67 MB CMA"
    assert facts["dump folder"].startswith(f"{board.dumps}: ")
    assert facts["variables"] == f"RKNN_DUMP_DIR={board.dumps}"


def test_that_every_kind_of_link_is_examined(any_board: PlayedBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    made = MadeBoard(any_board)
    made.dumps.mkdir()
    examined = made.examined()

    assert told(examined) == []
    assert examined.facts["runtime"] == "2.3.2 (/usr/lib/librknnrt.so)"


@pytest.mark.parametrize(
    ("entries", "chip"),
    [
        (b"rockchip,rk3568-evb\0rockchip,rk3568\0", "rk3568"),
        (b"radxa,rock-5a\0rockchip,rk3588s\0", "rk3588"),
        (b"rockchip,rv1106g-38x38\0rockchip,rv1106\0", "rv1106"),
        (b"rockchip,rv1106g3\0", "rv1106"),
        (b"rockchip,rv1103b\0", "rv1103b"),
        (b"rockchip,rk3399pro-evb\0rockchip,rk3399pro\0", "rk3399pro"),
    ],
)
def test_that_the_chip_is_read_from_the_device_tree(board: MadeBoard, entries: bytes, chip: str) -> None:
    board.write("proc/device-tree/compatible", entries)
    assert board.examined().facts["chip"] == chip


def test_that_a_computer_that_is_no_board_is_told(board: MadeBoard) -> None:
    board.remove("proc/device-tree/compatible")
    found = finding(board.examined(), "No chip with an NPU")
    assert (found.level, "Vendor RK3588S Board" in found.title) == ("warning", True)


def test_that_a_description_of_another_chip_is_told(board: MadeBoard) -> None:
    board.played = replace(board.played, board=replace(board.played.board, chip="rk3566"))
    found = finding(board.examined(), "The board's description says rk3566, but its chip is rk3588.")
    assert found.command == "rknn-workbench board add local-board local --chip rk3588"


@pytest.mark.parametrize(
    ("version", "level", "words"),
    [("0.7.2", "problem", "0.8.8 is the least"), ("0.9.1", "warning", "0.9.2 or later")],
)
def test_that_an_old_driver_is_told(board: MadeBoard, version: str, level: str, words: str) -> None:
    board.write("sys/kernel/debug/rknpu/version", f"RKNPU driver: v{version}\n".encode())
    found = finding(board.examined(), f"driver {version}")
    assert (found.level, words in found.title) == (level, True)


def test_that_the_kernels_own_words_tell_the_driver_where_its_file_may_not_be_read(board: MadeBoard) -> None:
    board.remove("sys/kernel/debug/rknpu/version")
    assert board.examined().facts["driver"] == "rknpu 0.9.8"


def test_that_a_driver_that_only_root_may_see_is_no_missing_driver(board: MadeBoard) -> None:
    board.remove("sys/kernel/debug/rknpu/version")
    board.says("dmesg", "echo 'dmesg: read kernel buffer failed: Operation not permitted' >&2; exit 1")
    found = finding(board.examined(), "driver may be read by root only")
    assert (found.command, found.level) == ("cat /sys/kernel/debug/rknpu/version", "note")


def test_that_a_kernel_without_the_driver_is_a_problem(board: MadeBoard) -> None:
    board.remove("sys/kernel/debug/rknpu/version")
    board.remove("dev/dri/renderD129")
    (board.root / "dev/dri").rmdir()
    board.says("dmesg", "true")
    found = finding(board.examined(), "no driver of the NPU")
    assert (found.command, found.level) == ("dmesg | grep -i rknpu", "problem")


def test_that_a_missing_runtime_is_told_with_the_command_that_brings_it(board: MadeBoard) -> None:
    board.remove("usr/lib/librknnrt.so")
    found = finding(board.examined(), "librknnrt.so is not on the board")
    assert (found.command, found.level) == ("cp librknnrt.so /usr/lib/librknnrt.so", "problem")


@pytest.mark.parametrize(
    ("runtime", "toolkit", "level", "words"),
    [
        (b"1.6.0", "2.3.2", "problem", "older than the toolkit 2.3.2"),
        (b"2.3.0", "2.3.2", "warning", "older than the toolkit 2.3.2"),
        (b"2.4.0", "2.3.2", "note", "newer than the toolkit 2.3.2"),
    ],
)
def test_that_a_runtime_of_another_release_is_told(
    board: MadeBoard, runtime: bytes, toolkit: str, level: str, words: str
) -> None:
    board.write("usr/lib/librknnrt.so", RUNTIME % runtime)
    board.write("usr/bin/rknn_server", SERVER % runtime)
    found = finding(board.examined(toolkit), words)
    assert (found.level, found.is_here) == (level, True)
    assert found.command


def test_that_nothing_is_said_of_fitting_where_no_toolkit_is_known(board: MadeBoard) -> None:
    board.write("usr/lib/librknnrt.so", RUNTIME % b"1.6.0")
    board.write("usr/bin/rknn_server", SERVER % b"1.6.0")
    assert told(board.examined("")) == []


def test_that_two_runtimes_are_told_apart(board: MadeBoard) -> None:
    board.write("usr/lib64/librknnrt.so", RUNTIME % b"1.5.2")
    found = finding(board.examined(), "several runtimes")
    assert "/usr/lib/librknnrt.so 2.3.2, /usr/lib64/librknnrt.so 1.5.2" in found.title
    assert found.command == "mv /usr/lib64/librknnrt.so /usr/lib64/librknnrt.so.old"


def test_that_one_library_under_two_names_is_one(board: MadeBoard) -> None:
    (board.root / "lib").symlink_to("usr/lib")
    assert board.examined().facts["runtime"] == "2.3.2 (/usr/lib/librknnrt.so)"


def test_that_a_server_of_another_release_is_told(board: MadeBoard) -> None:
    board.write("usr/bin/rknn_server", SERVER % b"1.5.0")
    assert finding(board.examined(), "rknn_server 1.5.0 and the runtime 2.3.2").level == "warning"


def test_that_a_server_that_does_not_run_is_told_with_what_starts_it(board: MadeBoard) -> None:
    board.remove("proc/733/comm")
    assert finding(board.examined(), "rknn_server does not run").command == "restart_rknn.sh"


def test_that_a_small_chip_wants_a_newer_server(board: MadeBoard) -> None:
    board.write("proc/device-tree/compatible", b"rockchip,rv1106\0")
    board.write("usr/lib/librknnmrt.so", RUNTIME.replace(b"librknnrt", b"librknnmrt") % b"1.6.0")
    board.remove("usr/lib/librknnrt.so")
    board.write("usr/bin/rknn_server", SERVER % b"1.6.0")
    assert finding(board.examined("1.6.0"), "2.1.0 is the least").level == "warning"


def test_that_a_server_of_toolkit_1_tells_its_version_without_a_name(board: MadeBoard) -> None:
    board.write("usr/bin/rknn_server", b"\0E %s\x001.4.0 (b4a8096 build: 2020-09-14 11:15:57)\0.note.gnu.build-id\0")
    assert board.examined().facts["server"] == "1.4.0 (/usr/bin/rknn_server)"


def test_that_a_board_of_toolkit_1_is_seen_with_its_driver_and_runtime(board: MadeBoard) -> None:
    board.write("proc/device-tree/compatible", b"rockchip,rv1126\0")
    board.remove("sys/kernel/debug/rknpu/version")
    board.remove("usr/lib/librknnrt.so")
    board.write(
        "usr/lib/librknn_runtime.so", b"\0librknn_runtime version 1.7.5 (4c92df0 build: 2020-09-11 base: 1112)\0"
    )
    board.says("dmesg", "echo '[    1.234567] Galcore version 6.4.3.5.293908'")
    facts = board.examined().facts
    assert facts["driver"] == "galcore 6.4.3"
    assert facts["runtime"] == "1.7.5 (/usr/lib/librknn_runtime.so)"


def test_that_a_file_of_unknown_bytes_tells_no_version(board: MadeBoard) -> None:
    board.write("usr/lib/librknnrt.so", b"\x7fELF librknnrt version: \0 9.9")
    assert board.examined().facts["runtime"] == "unknown version (/usr/lib/librknnrt.so)"


def test_that_a_folder_for_dumps_that_is_not_there_is_told(board: MadeBoard) -> None:
    board.dumps.rmdir()
    found = finding(board.examined(), "does not exist yet")
    assert found.command == f"mkdir -p {board.dumps} && chmod 777 {board.dumps}"


def test_that_a_full_disk_is_told() -> None:
    (found,) = findings_of(dumps=Folder("/userdata/dumps", True, True, "/userdata/dumps", 10_000_000))
    assert found.title == "The folder for dumps /userdata/dumps has only 10 MB free."
    assert found.command == "export RKNN_DUMP_DIR=/userdata/dumps"


def test_that_a_full_disk_that_is_the_only_one_is_looked_at() -> None:
    full = Folder("/userdata/dumps", True, True, "/userdata", 10_000_000)
    found = findings_of(dumps=full, place=replace(full, path="/userdata"))
    assert [item.command for item in found] == ["df -h /userdata"]


def test_that_a_folder_that_cannot_be_written_is_told() -> None:
    (found,) = findings_of(dumps=Folder("/data/my dumps", False, False, "/data", 1 << 40))
    assert found.title == "The folder for dumps /data/my dumps cannot be written by this user."
    assert found.command == "mkdir -p '/data/my dumps' && chmod 777 '/data/my dumps'"


@pytest.mark.parametrize(
    ("user", "android", "command"),
    [
        (("0", "root"), (), "mkdir -p /d && chmod 777 /d"),
        (("1000", "u"), (), "sudo mkdir -p /d && sudo chmod 777 /d"),
        (("2000", "shell"), ("12",), "mkdir -p /d && chmod 777 /d"),
    ],
)
def test_that_only_who_can_and_must_becomes_root(user: tuple[str, ...], android: tuple[str, ...], command: str) -> None:
    sections = {**GOOD.probe.sections, "user": user, "android": android}
    found = findings_of(probe=Probe(sections), dumps=Folder("/d", False, False, "/", 1 << 40))
    assert command in [item.command for item in found]


def test_that_a_board_on_which_nothing_can_be_written_is_a_problem() -> None:
    (found,) = findings_of(place=None)
    assert (found.title.startswith("No folder of the board can be written"), found.level) == (True, "problem")


@pytest.mark.parametrize(
    ("link", "command"),
    [
        ("adb:10.0.0.2:5555", "adb -s 10.0.0.2:5555 push librknnrt.so /usr/lib/librknnrt.so"),
        ("ssh:root@board", "scp librknnrt.so root@board:/usr/lib/librknnrt.so"),
        ("ssh:root@board:2222", "scp -P 2222 librknnrt.so root@board:/usr/lib/librknnrt.so"),
        ("ssh:root@[fe80::1]:22", "scp -P 22 librknnrt.so 'root@[fe80::1]':/usr/lib/librknnrt.so"),
        ("local", "cp librknnrt.so /usr/lib/librknnrt.so"),
    ],
)
def test_that_a_file_is_brought_by_the_boards_own_link(link: str, command: str) -> None:
    kind, _, address = link.partition(":")
    (found,) = findings_of(libraries={}, link_kind=kind, address=address)
    assert (found.command, found.is_here) == (command, True)


@pytest.mark.parametrize(
    ("system", "command"),
    [("Debian GNU/Linux 11", "apt update && apt full-upgrade"), ("Buildroot 2018.02", "uname -a")],
)
def test_that_an_old_driver_is_renewed_with_the_system(system: str, command: str) -> None:
    sections = {**GOOD.probe.sections, "system": ("Linux 5.10", system)}
    (found,) = findings_of(driver="0.8.2", probe=Probe(sections))
    assert found.command == command


def test_that_a_board_without_a_server_gets_one() -> None:
    (found,) = findings_of(servers={})
    assert found.command == "scp rknn_server root@board:/usr/bin/rknn_server"


def test_that_every_finding_has_a_command() -> None:
    sections = {"user": ("1000", "u"), "python": ("3.9.2",), "memory": ("MemAvailable: 9 kB",), "running": ()}
    full = Folder("/d", False, False, "/", 5)
    worst = replace(
        GOOD, described_chip="rk3566", probe=Probe(sections), driver="0.7", libraries={"/a": "1.0.0", "/b": "1.1.0"},
        servers={"/c": "1.2.0"}, dumps=full, place=full,
    )  # fmt: skip
    found = list(findings(worst))
    assert len(found) > 9
    assert [item.title for item in found if not item.command] == []


def test_that_adb_without_root_is_told_with_what_gives_it() -> None:
    sections = {**GOOD.probe.sections, "user": ("2000", "shell")}
    (found,) = findings_of(probe=Probe(sections), link_kind="adb", address="abc")
    assert found.command == "adb -s abc root"


def test_that_who_is_no_root_is_told(board: MadeBoard) -> None:
    board.says("id", 'case "$1" in -u) echo 1000;; *) echo ubuntu;; esac')
    examined = board.examined()
    assert examined.facts["user"] == "ubuntu (not root)"
    assert finding(examined, "not root").level == "note"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("RKNN_LOG_LEVEL", "5", "slow"),
        ("NN_LAYER_DUMP", "1", "one by one"),
        ("RKNN_DUMP_QUANT", "1", "own types"),
    ],
)
def test_that_variables_in_force_are_told(board: MadeBoard, name: str, value: str, why: str) -> None:
    found = finding(board.examined(environment={name: value}), f"{name}={value} is set for programs")
    assert why in found.title
    assert found.command == f"unset {name}"


def test_that_variables_of_the_server_that_runs_are_told(board: MadeBoard) -> None:
    board.serve(RKNN_LOG_LEVEL="6")
    found = finding(board.examined(), "RKNN_LOG_LEVEL=6 is set for rknn_server")
    assert found.command == "unset RKNN_LOG_LEVEL; restart_rknn.sh"


def test_that_variables_of_those_who_log_in_are_told(board: MadeBoard) -> None:
    board.write("etc/profile.d/npu.sh", b"export RKNN_LOG_LEVEL=5\n")
    assert finding(board.examined(), "is set for users who log in").command.startswith("unset RKNN_LOG_LEVEL")


def test_that_a_harmless_level_of_the_log_is_no_finding(board: MadeBoard) -> None:
    assert told(board.examined(environment={"RKNN_LOG_LEVEL": "1"})) == []


@pytest.mark.parametrize(
    ("compatible", "command"),
    [(b"rockchip,rv1106\0", "RkLunch-stop.sh"), (b"rockchip,rk3566\0", "ps | sort -k4 -n | tail")],
)
def test_that_little_memory_is_told_with_what_frees_some(board: MadeBoard, compatible: bytes, command: str) -> None:
    board.write("proc/device-tree/compatible", compatible)
    board.write("proc/meminfo", b"MemTotal: 63000 kB\nMemAvailable: 9000 kB\n")
    assert finding(board.examined(), "only 9 MB of memory left").command == command


def test_that_python_without_the_runners_package_is_told(board: MadeBoard) -> None:
    board.says("python3", 'case "$2" in *metadata*) exit 1;; *) echo 3.9.2;; esac')
    found = finding(board.examined(), "no rknn-toolkit-lite2")
    assert found.command == "python3 -m pip install rknn-toolkit-lite2==2.3.2"


def test_that_a_board_without_python_is_told(board: MadeBoard) -> None:
    board.says("python3", "exit 127")
    assert finding(board.examined(), "no python3").level == "note"


@pytest.mark.parametrize(
    "line",
    [
        "[  605.159276] RKNPU: failed to wait job, task counter: 0, flags: 0x5, ret = 0, elapsed time: 6160643us",
        "[   77.012345] rk_iommu fdab9000.iommu: Page fault at 0x00000000fffc0000 of type read",
        "[  812.123456] Out of memory: Killed process 733 (rknn_server) total-vm:98304kB, anon-rss:53248kB",
        "[  101.1] cma: cma_alloc: reserved: alloc failed, req-size: 2048 pages, ret: -12",
    ],
)
def test_that_what_the_kernel_told_is_explained(board: MadeBoard, line: str) -> None:
    board.says("dmesg", f"cat <<'END'\n{BOOT}{line}\nEND")
    (known,) = recognise([line])
    found = finding(board.examined(), about(known).title)
    assert (found.line, found.level) == (line, "warning")
    assert about(known).fix in found.title


def test_that_the_worst_stands_first(board: MadeBoard) -> None:
    board.remove("usr/lib/librknnrt.so")
    board.remove("proc/733/comm")
    board.dumps.rmdir()
    levels = [LEVELS.index(item.level) for item in board.examined().findings]
    assert levels == sorted(levels)
    assert len(set(levels)) == 3


def test_that_a_hostile_board_cannot_put_commands_into_a_finding(board: MadeBoard, tmp_path: Path) -> None:
    evil = f"{tmp_path}/a'; touch {tmp_path}/pwned; '$(touch {tmp_path}/pwned)"
    board.write("proc/device-tree/model", b"\x1b]0;evil\x07$(reboot)\0")
    board.serve(RKNN_LOG_LEVEL="5; reboot")
    examined = board.examined(environment={"RKNN_DUMP_DIR": evil})

    assert all("\x1b" not in text for text in (*examined.facts.values(), *told(examined)))
    found = finding(examined, "does not exist yet")
    assert shlex.split(found.command)[:3] == ["mkdir", "-p", evil]
    assert "reboot" not in " ".join(item.command for item in examined.findings)
    assert not (tmp_path / "pwned").exists()


def test_that_nothing_on_the_board_is_changed(board: MadeBoard) -> None:
    before = sorted(path.relative_to(board.played.folder) for path in board.played.folder.rglob("*"))
    board.examined()
    assert sorted(path.relative_to(board.played.folder) for path in board.played.folder.rglob("*")) == before


def test_that_a_board_without_anything_is_examined_too(local_board: PlayedBoard) -> None:
    for name in ("dmesg", "getprop", "python3", "id", "uname"):
        local_board.write_program(name, "exit 127\n")
    made = MadeBoard.__new__(MadeBoard)
    made.played, made.root = local_board, local_board.folder / "empty"
    made.root.mkdir()
    assert finding(made.examined(), "No chip with an NPU").level == "warning"


def test_that_a_board_that_goes_away_is_a_sentence(ssh_board: PlayedBoard) -> None:
    MadeBoard(ssh_board).says("dmesg", "sleep 30")
    board = replace(ssh_board.board, environment={"PATH": f"{ssh_board.programs}:/usr/bin:/bin"})
    assert ssh_board.cable is not None
    timer = threading.Timer(1.0, ssh_board.cable.pull)
    with connect(board) as link:
        timer.start()
        with pytest.raises(LinkError) as caught:
            drain(examine(link))
    timer.join()

    assert caught.value.message
    assert caught.value.hint


def test_that_an_examination_that_is_cancelled_leaves_nothing_running(board: MadeBoard) -> None:
    board.says("dmesg", f"echo $$ > {board.played.folder}/pid; exec sleep 60")
    with connect(board.played.board) as link:
        steps = examine(link, "", str(board.root))
        while not (board.played.folder / "pid").exists():
            next(steps)
        steps.close()
    number = int((board.played.folder / "pid").read_text())

    until(lambda: not Path(f"/proc/{number}").exists(), "it is gone")


@pytest.mark.toolkit
def test_that_the_vendors_own_library_tells_its_version(toolkit_python: Path) -> None:
    found = toolkit_python.parent.parent.glob("lib/python3*/site-packages/rknn/api/lib/linux-*/librknn_api.so")
    toolkit = drain(look(Toolkit("vendor's", toolkit_python)))
    assert {version_in(library.read_bytes()) for library in found} == {toolkit.version.partition("+")[0]}


def test_that_reaching_a_board_tells_its_name_and_room(any_board: PlayedBoard) -> None:
    any_board.write_program("uname", "echo myboard aarch64\n")
    with connect(any_board.board) as link:
        reached = drain(reach(link))

    assert reached.name == "myboard aarch64"
    assert reached.folder == str(any_board.userdata)
    assert reached.free > 0
    assert 0 < reached.seconds < 30


def test_that_there_is_a_check_of_everything_that_can_be_wrong() -> None:
    assert len(CHECKS) == len(set(CHECKS)) == 11
