#!/usr/bin/env bash
# Polygraphy, PPQ and AIMET for bench_peers, each in an environment of its own, as they contradict each other.
#
#   bash tests/benchmarks/peers/setup.sh        .venv-peers/polygraphy, …/ppq, …/aimet in the project's root
#
# Needs Python 3.10 to 3.12 and 4 GB (more where PyTorch brings CUDA). Does nothing for those that are there already.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
common=(numpy==1.26.4 onnx==1.18.0 onnxruntime==1.20.1)

say() { printf '[peers] %s\n' "$*" >&2; }

make() {
    local venv=$root/.venv-peers/$1
    shift
    [ "$(cat "$venv/.pins" 2>/dev/null)" = "$*" ] && return
    say "Installing $* into $venv …"
    rm -rf -- "$venv"
    "${PYTHON:-python3}" -m venv "$venv"
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input -qq --progress-bar off "$@"
    echo "$*" > "$venv/.pins"
}

make polygraphy polygraphy==0.53.6 "${common[@]}"
make ppq ppq==0.6.6 torch==2.13.0 protobuf==4.25.4 "ml-dtypes<0.6" "setuptools<80" "${common[@]}"
make aimet aimet-onnx==2.42.0 torch==2.13.0 "${common[@]}"
