"""Boards of the settings."""

from pathlib import Path

import pytest

from workbench.sources.board.descriptions import (
    Board,
    BoardError,
    board_of,
    boards_folder,
    broken_boards,
    describe_board,
    described_boards,
    forget_board,
    is_link,
)

GOOD = (
    "local", "adb:0123456789ABCDEF", "adb:192.168.1.7:5555", "adb:board.lan:5555", "adb:adb-1._adb-tls._tcp",
    "ssh:root@10.0.0.2", "ssh:root@10.0.0.2:2222", "ssh:rock-5b", "ssh:a.b@h", "ssh:root@[fe80::1%eth0]:22",
)  # fmt: skip
BAD = ("", "adb:", "ssh:", "local:x", "http:x", "adb:-s", "adb:a b", "adb:a;reboot", "ssh:-oProxyCommand=reboot",
       "ssh:root@$(reboot)", "ssh:a'b@h", "ssh:root@h:22222222", "ssh:root@-h", "ssh:root@h\n", "adb:x\n", "local\n",
       "ssh:`id`@h", "ssh:%h@h", "adb:../x")  # fmt: skip


@pytest.mark.parametrize("link", GOOD)
def test_that_links_of_boards_are_taken(link: str) -> None:
    assert is_link(link)
    assert board_of(link) == Board(link, link)


@pytest.mark.parametrize("link", BAD)
def test_that_what_could_become_a_command_is_no_link(link: str) -> None:
    assert not is_link(link)
    with pytest.raises(BoardError, match="There is no board"):
        board_of(link)
    with pytest.raises(BoardError, match="no link that can be used"):
        describe_board(Board("name", link))


def test_that_a_board_is_found_again_by_its_name() -> None:
    board = Board("Radxa 5B “我”", "ssh:rock", "rk3588", "/userdata/x", {"A": "1 \"'\\\n"}, "./run {model}")
    describe_board(board)
    assert described_boards() == (board,)
    assert board_of(board.name) == board
    assert board_of("ssh:rock") == board


def test_that_a_board_described_again_takes_its_place() -> None:
    describe_board(Board("one", "local"))
    describe_board(Board("one!", "adb:1"))
    describe_board(Board("one", "ssh:h"))
    assert {(board.name, board.link) for board in described_boards()} == {("one", "ssh:h"), ("one!", "adb:1")}


def test_that_a_forgotten_board_is_gone_and_no_other() -> None:
    boards = [Board("one", "local"), Board("two", "local")]
    for board in boards:
        describe_board(board)
    forget_board(boards[0])
    assert described_boards() == (boards[1],)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("link = ", "is no TOML"),
        ('link = "local"\npassword = "x"', "unknown key 'password'"),
        ('name = "x"', "no link"),
        ('link = "ssh:-x"', "no link"),
        ("link = 3", "a link that is no text"),
        ('link = "local"\nfolder = "data"', "no path from the root"),
        ('link = "local"\nfolder = "/a/../etc"', "no path from the root"),
        ('link = "local"\n[environment]\n"A B" = "1"', "a variable whose name"),
        ('link = "local"\n[environment]\nA = 1', "not a table of texts"),
    ],
)
def test_that_a_broken_description_is_named_and_hides_no_other(text: str, reason: str) -> None:
    describe_board(Board("good", "local"))
    Path(boards_folder(), "bad.toml").write_text(text)
    assert [board.name for board in described_boards()] == ["good"]
    (error,) = broken_boards()
    assert "bad.toml" in error.message
    assert reason in error.message


def test_that_an_unknown_name_tells_the_known_ones() -> None:
    describe_board(Board("rock", "local"))
    with pytest.raises(BoardError, match="There is no board 'rocky'") as caught:
        board_of("rocky")
    assert "rock" in caught.value.hint


def test_that_a_name_of_any_length_gets_a_file_that_can_be_made() -> None:
    board = Board("x" * 5000, "local")
    assert len(describe_board(board).name) < 128
    assert board_of(board.name) == board


def test_that_a_link_longer_than_any_host_is_refused() -> None:
    with pytest.raises(BoardError, match="no link that can be used"):
        describe_board(Board("desk", "adb:" + "9" * 100_000))
