#!/usr/bin/env bash
# Every check of the project: ruff, mypy, import contracts, pytest (Qt offscreen). Arguments go to pytest.
#
#   bash packaging/test.sh [PYTEST ARGUMENT…]
#
# Tests marked `toolkit` compare with the vendor's toolkit: they run when RKNN_TOOLKIT_PYTHON names its interpreter or
# packaging/setup_toolkit.sh has been run; with CI=true it is run here. Without it these tests skip and say so.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 2
failed=()

say() { printf '\n[test] %s\n' "$*"; }
check() {
    local name=$1; shift
    say "$name"
    "$@" || failed+=("$name")
}

# where the toolkit is, or why it is not: both are read by tests/conftest.py
find_toolkit() {
    local python
    if [ -n "${RKNN_TOOLKIT_PYTHON:-}" ]; then say "toolkit: $RKNN_TOOLKIT_PYTHON"; return; fi
    if [ "${CI:-}" = true ]; then
        if python=$(timeout 900 bash packaging/setup_toolkit.sh --tensorflow | tail -n 1) && [ -x "$python" ]; then
            export RKNN_TOOLKIT_PYTHON=$python
            say "toolkit: $python"
        else
            export RKNN_TOOLKIT_PROBLEM="packaging/setup_toolkit.sh failed here"
            say "toolkit: $RKNN_TOOLKIT_PROBLEM; its tests are skipped"
        fi
    fi
}

bash packaging/setup.sh --dev || exit 2
find_toolkit # before .venv leads the search path: the toolkit may need another Python
export PATH="$root/.venv/bin:$PATH" VIRTUAL_ENV="$root/.venv" QT_QPA_PLATFORM=offscreen
check "ruff check" ruff check .
check "ruff format --check" ruff format --check .
check "mypy (strict below ui)" mypy
check "import contracts" lint-imports --no-cache
if [ ${#failed[@]} -gt 0 ]; then say "FAILED before the tests: $(printf '%s; ' "${failed[@]}")"; fi
if [ $# -gt 0 ]; then
    check pytest python -m pytest "$@"
else # four at once on two cores, of which each waits now and then: whole runs, everything else, the window in two parts
    output=$(mktemp -d)
    declare -A ids
    trap 'kill "${ids[@]}" 2>/dev/null; rm -rf "$output"' EXIT
    start() { python -m pytest --durations=15 "${@:2}" >"$output/$1" 2>&1 </dev/null & ids[$1]=$!; }
    start e2e tests/e2e
    start others --ignore=tests/gui --ignore=tests/e2e
    start gui-1 tests/gui/test_[a-f]*.py
    check "pytest gui-2" python -m pytest --durations=15 tests/gui/test_[g-z]*.py
    for part in gui-1 others e2e; do
        wait "${ids[$part]}" || failed+=("pytest $part")
        say "pytest $part"
        cat "$output/$part"
    done
fi
[ ${#failed[@]} = 0 ]
