"""Rules of long work."""

import pytest

from workbench.foundation.steps import Event, Log, Progress, Steps, Warn, drain, part_of, without_logs


def counting(closed: list[bool], failing: bool = False) -> Steps[str]:
    try:
        yield Progress("count", 1, 2)
        if failing:
            raise ValueError("no second")
        yield Log("halfway")
        yield Warn("nearly done")
        return "counted"
    finally:
        closed.append(True)


def test_that_draining_gives_the_result_of_the_work() -> None:
    assert drain(counting([])) == "counted"


def test_that_events_are_handed_on_in_the_order_they_were_yielded() -> None:
    events: list[Event] = []

    drain(counting([]), events.append)

    assert events == [Progress("count", 1, 2), Log("halfway"), Warn("nearly done")]


def test_that_work_that_fails_lets_its_error_through() -> None:
    with pytest.raises(ValueError, match="no second"):
        drain(counting([], failing=True))


def test_that_an_interrupt_while_an_event_is_shown_closes_the_work() -> None:
    closed: list[bool] = []

    def interrupt(event: Event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        drain(counting(closed), interrupt)

    assert closed == [True]


def test_that_closing_the_work_runs_its_clean_up() -> None:
    closed: list[bool] = []
    steps = counting(closed)
    next(steps)

    steps.close()

    assert closed == [True]


def test_that_work_without_events_still_gives_its_result() -> None:
    def immediate() -> Steps[int]:
        return 7
        yield Log("never")  # makes this a generator

    assert drain(immediate()) == 7


def test_that_alike_parts_are_counted_as_one_whole() -> None:
    closed: list[bool] = []
    events: list[Event] = []
    assert drain(part_of(counting(closed), 1, 3, "bus.jpg"), events.append) == "counted"
    assert events == [Progress("count", 3, 6, "bus.jpg"), Log("halfway"), Warn("nearly done")]
    steps = part_of(counting(closed), 0, 3)
    next(steps)
    steps.close()
    assert closed == [True, True]


def test_that_a_line_that_is_left_out_hides_no_other_event_and_no_result() -> None:
    closed: list[bool] = []
    told: list[Event] = []
    assert drain(without_logs(counting(closed), "halfway".__eq__), told.append) == "counted"
    assert told == [Progress("count", 1, 2), Warn("nearly done")]
    assert closed == [True]


def test_that_leaving_lines_out_keeps_the_others() -> None:
    told: list[Event] = []
    drain(without_logs(counting([]), lambda line: line == "other"), told.append)
    assert Log("halfway") in told
