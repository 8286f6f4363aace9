"""Rules of matching by name."""

from pathlib import Path

import pytest

from workbench.compare.match import (
    Matching,
    Pair,
    match,
    match_by_order,
    read_layouts,
    read_map,
    sanitised,
    unknown_names,
)
from workbench.foundation.errors import DumpError


def test_that_equal_names_match_in_golden_order() -> None:
    assert match(["b", "a"], ["a", "b"]) == Matching((Pair("b", "b", "name"), Pair("a", "a", "name")), (), ())


def test_that_the_toolkits_file_names_match() -> None:
    assert match(["/f/f.0/Conv_output_0"], ["_f_f_0_Conv_output_0"]).pairs == (
        Pair("/f/f.0/Conv_output_0", "_f_f_0_Conv_output_0", "sanitised"),
    )


def test_that_sanitised_names_that_two_tensors_share_are_never_guessed() -> None:
    assert match(["a.b", "a/b"], ["a_b"]) == Matching((), ("a.b", "a/b"), ("a_b",))
    assert match(["a_b"], ["a.b", "a/b"]) == Matching((), ("a_b",), ("a.b", "a/b"))


def test_that_a_sanitised_name_is_not_unique_when_an_exact_one_has_it_too() -> None:
    found = match(["a_b", "a.b"], ["a_b", "a/b"])

    assert found == Matching((Pair("a_b", "a_b", "name"),), ("a.b",), ("a/b",))


def test_that_the_map_comes_last() -> None:
    found = match(["x", "y.z", "w"], ["x", "y_z", "q"], {"q": "w", "y_z": "w", "x": "w"})

    assert found.pairs == (Pair("x", "x", "name"), Pair("y.z", "y_z", "sanitised"), Pair("w", "q", "map"))


def test_that_a_golden_tensor_is_mapped_once_and_the_second_one_is_left_over() -> None:
    found = match(["w"], ["p", "q"], {"p": "w", "q": "w"})

    assert (found.pairs, found.only_other) == ((Pair("w", "p", "map"),), ("q",))


def test_that_what_has_no_partner_is_listed_in_order() -> None:
    assert match(["c", "a", "b"], ["z", "a", "y"]) == Matching((Pair("a", "a", "name"),), ("c", "b"), ("z", "y"))


def test_that_entries_of_a_map_without_a_tensor_are_found() -> None:
    assert unknown_names({"a": "b", "c": "d"}, ["b"], ["a"]) == ("c -> d",)


def test_that_only_letters_digits_and_underscores_stay_in_a_file_name() -> None:
    assert sanitised("/b.1/x:0-rs#1é_A9") == "_b_1_x_0_rs_1__A9"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("map.json", '{"out": "/a/b", "74": "x y"}'),
        ("map.yaml", "out: /a/b\n74: x y  # numbers are names too\n"),
        ("map.txt", "# names\nout\t/a/b   # the head\n\n74  x y\n"),
        ("map.txt", "\ufeffout   /a/b\r\n74  x y\r\n"),
    ],
)
def test_that_a_map_is_read_from_json_yaml_and_text(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")

    assert read_map(tmp_path / name) == {"out": "/a/b", "74": "x y"}


def test_that_the_toolkits_map_leads_from_file_to_tensor(tmp_path: Path) -> None:
    lines = ["layer_name        file_name     ", "-" * 30, "/f.0/Norm#1       _f_0_Norm_1.txt    "]
    (tmp_path / "map_name_to_file.txt").write_text("\n".join(lines))

    assert read_map(tmp_path / "map_name_to_file.txt") == {"_f_0_Norm_1": "/f.0/Norm#1"}


def test_that_a_real_map_of_the_toolkit_is_read_whole(shared: Path) -> None:
    found = read_map(shared / "artifacts" / "mobilenetv2_rk3588_runtime" / "map_name_to_file.txt")

    assert found["_features_features_0_features_0_2_Clip_output_0"] == "/features/features.0/features.0.2/Clip_output_0"
    assert all(key == sanitised(value) for key, value in found.items())


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("map.txt", "a b\nc\n", "line 2 has not two names"),
        ("map.txt", "a b c\n", "line 1 has not two names"),
        ("map.txt", "a b\na c\n", "names a twice: line 2"),
        ("map.json", '{"a": "b",\n}', "line 2"),
        ("map.json", '{"a": "b", "a": "c"}', "names a twice"),
        ("map.json", '["a"]', "is not a mapping of names"),
        ("map.json", '{"a": 1}', "gives a something that is not a name"),
        ("map.json", "[" * 100_000, "nested too deeply"),
        ("map.yaml", "a: b\nc: [", "line 2"),
        ("map.yaml", "a: b\na: c\n", "line 2"),
        ("map.yaml", "a: [b]\n", "gives a something that is not a name"),
    ],
)
def test_that_a_broken_map_is_named_with_its_line(tmp_path: Path, name: str, text: str, reason: str) -> None:
    (tmp_path / name).write_text(text)

    with pytest.raises(DumpError, match=reason) as caught:
        read_map(tmp_path / name)

    assert str(tmp_path / name) in caught.value.message


def test_that_a_map_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.txt").write_bytes(b"a b\n\xff\xfe")

    with pytest.raises(DumpError, match="line 2 is not UTF-8 text"):
        read_map(tmp_path / "map.txt")


def test_that_a_missing_map_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match="No such file"):
        read_map(tmp_path / "map.txt")


def test_that_toolkit_1s_names_of_operator_and_node_fit_what_the_exporter_called_after_the_node() -> None:
    golden = ("/stem/stem.0/conv/Conv_output_0", "/split/Split_output_1", "89")
    other = ("Conv__stem_stem.0_conv_Conv_57", "Split__split_Split_4:out1", "Conv_57")

    found = match(golden, other)

    assert found.pairs == (Pair(golden[0], other[0], "operator"), Pair(golden[1], other[1], "operator"))
    assert (found.only_golden, found.only_other) == (("89",), ("Conv_57",))


SMALL, LARGE = (1, 4), (1, 8)


def ordered(golden: dict[str, tuple[int, ...]], other: dict[str, tuple[int, ...] | None]) -> Matching:
    return match_by_order(match(list(golden), list(other)), golden, other)


def test_that_what_names_left_over_is_matched_by_order_within_equal_shapes() -> None:
    golden = {"a": SMALL, "b": SMALL, "c": LARGE, "d": SMALL, "e": LARGE}

    found = ordered(golden, {"a": SMALL, "x": SMALL, "c": LARGE, "y": SMALL, "e": LARGE})

    assert [pair for pair in found.pairs if pair.by == "order"] == [Pair("b", "x", "order"), Pair("d", "y", "order")]
    assert (found.only_golden, found.only_other) == ((), ())


def test_that_order_says_nothing_where_one_side_has_more_of_a_shape() -> None:
    golden = {"a": SMALL, "b": SMALL, "c": LARGE, "d": SMALL, "e": LARGE}

    found = ordered(golden, {"a": SMALL, "x": SMALL, "c": LARGE, "e": LARGE})

    assert found.only_other == ("x",)


def test_that_order_says_nothing_where_names_matched_little() -> None:
    assert ordered({"a": SMALL, "b": LARGE}, {"x": SMALL, "y": LARGE}).pairs == ()


def test_that_a_pair_that_crosses_matched_ones_is_none() -> None:
    found = ordered({"a": SMALL, "b": LARGE, "c": SMALL}, {"a": SMALL, "c": SMALL, "x": LARGE})

    assert found.only_other == ("x",)


def test_that_tensors_of_an_unknown_shape_are_not_matched_by_order() -> None:
    assert ordered({"a": SMALL, "b": LARGE}, {"a": SMALL, "x": None}).only_other == ("x",)


def test_that_a_map_may_tell_layouts(tmp_path: Path) -> None:
    path = tmp_path / "map.txt"
    path.write_text("# comment\nt1\t/a/b\tnhwc  # sure\nt2  /c\nt3\tx y\tnc1hwc2:16\n")

    assert read_map(path) == {"t1": "/a/b", "t2": "/c", "t3": "x y"}
    assert read_layouts(path) == {"t1": "nhwc", "t3": "nc1hwc2:16"}


def test_that_a_third_column_that_is_no_layout_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.txt"
    path.write_text("t1 /a/b nhcw\n")

    with pytest.raises(DumpError, match="line 1 has not two names"):
        read_map(path)
