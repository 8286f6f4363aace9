"""What goes wrong between a computer and a board is recognised, wherever its lines appear."""

import pytest

from workbench.sources.knowledge import about, likeliest, recognise

SIGNATURES = {
    "dumps-folder": (
        "adb: error: remote object '/userdata/dumps' does not exist",
        "mv: cannot stat './snapshot/runtime/dumps': No such file or directory",
        "E RKNN: failed open dump path: /userdata/dumps/000_InputOperator_input_shape_1_3_224_224_uint8.npy",
    ),
    "snapshot-runtime-missing": ("FileNotFoundError: [Errno 2] No such file or directory: './snapshot/runtime/npy'",),
    "adb-root": ("adb: unable to connect for root: closed",),
    "server-down": (
        "E NPUTransfer: socket read: Connection reset by peer",
        "E RKNNAPI: rknn_init,  server connect fail!  ret = -9(ERROR_PIPE)!",
    ),
    "transfer-socket": ("attempted to listen on unavailable socket type: 'localabstract:transfer_proxy'",),
    "adb-version": ("adb server version (41) doesn't match this client (40); killing...",),
    "version-message": ("E RKNNAPI: rknn_init,  msg_ioctl_ack fail, data_len = 104985, expect 103961!",),
    "model-version": (
        "E RKNN: [11:02:45.100] RKNN_ERR_MODEL_INVALID",
        "E RKNN: [11:02:45.100] Invalid RKNN model version 6",
        "E RKNN: [11:02:45.100] parseRKNN from buffer: Invalid RKNN format!",
    ),
    "register-limit": ("E RKNN: REGTASK: The bit width of field value exceeds the limit, target: v2, offset: 0x5048",),
    "unsupported-op": ("E RKNN: [11:02:45.100] Meet unsupport exGelu operator",),
    "crash": ("Segmentation fault (core dumped)",),
    "server-died": ("E RKNNAPI: __pthread_recv_msg,  recv(MsgHeader) fail, -9(ERROR_PIPE) < 108!",),
    "board-memory": ("E RKNN: failed to allocate fd, ret: -1, errno: 12",),
}
LINES = [
    pytest.param(key, line, id=f"{key}-{at}") for key, lines in SIGNATURES.items() for at, line in enumerate(lines)
]
WHERE = {
    "a log": "{}",
    "a quotation": "> {}",
    "a comment": "# {}",
    "a coloured line": "\x1b[1;31m{}\x1b[0m",
    "a bar's line": "I Analysing : 45%|███ | 52/116\r{}",
    "a line of Windows": "{}\r\n",
    "a serial console": "root@board:/userdata# {}",
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(("key", "line"), LINES)
def test_that_a_signature_is_recognised_wherever_it_appears(key: str, line: str, where: str) -> None:
    assert [found.key for found in recognise([WHERE[where].format(line)])] == [key]


def test_that_the_folder_which_the_board_could_not_write_is_the_cause_of_the_missing_dumps() -> None:
    log = [line for key in ("dumps-folder", "snapshot-runtime-missing") for line in SIGNATURES[key]]
    found = likeliest(log)
    assert found is not None
    assert found.key == "dumps-folder"
    assert "chmod 777" in about(found).fix


def test_that_a_board_that_refuses_root_is_not_said_to_have_given_no_dumps() -> None:
    (found,) = recognise(SIGNATURES["adb-root"])
    assert "root" in about(found).title
    assert "dumps came back" not in about(found).title
    assert found.known.kind == "warning"


def test_that_missing_dumps_are_told_before_the_root_that_was_refused() -> None:
    found = likeliest([*SIGNATURES["adb-root"], *SIGNATURES["snapshot-runtime-missing"]])
    assert found is not None
    assert found.key == "snapshot-runtime-missing"


def test_that_a_batch_is_named_where_the_server_died_in_an_analysis() -> None:
    (found,) = recognise(SIGNATURES["server-died"])
    assert "rknn_batch_size" in about(found).fix
    assert "rknn_batch_size" in about(found, "zh_CN").fix


def test_that_a_crash_tells_of_the_random_ones_of_the_analysis() -> None:
    (found,) = recognise(SIGNATURES["crash"])
    assert "at random" in about(found).fix
