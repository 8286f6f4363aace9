#!/usr/bin/env bash
# Every check of the project: ruff, mypy, import contracts, pytest (Qt offscreen). Arguments go to pytest.
# This prepares .venv and finds the vendor's toolkit; what is checked stands in packaging/checks.py.
#
#   bash packaging/test.sh [PYTEST ARGUMENT…]
#
# Tests marked `toolkit` compare with the vendor's toolkit: they run when RKNN_TOOLKIT_PYTHON names its interpreter or
# packaging/setup_toolkit.sh has been run; with CI=true it is run here. Without it these tests skip and say so.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 2

say() { printf '\n[test] %s\n' "$*"; }

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
export VIRTUAL_ENV="$root/.venv"
exec "$root/.venv/bin/python" packaging/checks.py "$@"
