#!/usr/bin/env bash
# Install the vendor's toolkit into an environment of its own and print its interpreter's path (the last line).
#
#   bash packaging/setup_toolkit.sh [--tensorflow] [DIR]        DIR is .venv-toolkit in the project's root unless given
#
# --tensorflow adds the TensorFlow that its load_tflite and load_tensorflow ask for (1 GB, half a minute).
# Never part of the workbench's own environment: its pins contradict ours. Does nothing when it is there already.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tensorflow=""
[ "${1:-}" = --tensorflow ] && { tensorflow=2.14.1; shift; }
venv=${1:-"$root/.venv-toolkit"}
toolkit=2.5.0

say() { printf '[toolkit] %s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

# the toolkit has wheels for Python 3.6 to 3.12
choose_python() {
    local name
    for name in ${PYTHON:-python3.11 python3.12 python3.10 python3 /usr/bin/python3.11 /usr/bin/python3.12}; do
        "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null </dev/null && { echo "$name"; return; }
    done
}

install_toolkit() {
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input -qq) torch=torch==2.13.0
    "${pip[@]}" install --progress-bar off --no-warn-conflicts --no-deps "rknn-toolkit2==$toolkit" || return 1
    say "Installing what it needs …"
    "${pip[@]}" install --progress-bar off --no-warn-conflicts protobuf==4.25.4 psutil ruamel.yaml scipy tqdm opencv-python-headless==4.11.0.86 fast-histogram \
        numpy==1.26.4 onnx==1.18.0 onnxruntime==1.20.1 || return 1
    say "Installing $torch …"
    "${pip[@]}" install --progress-bar off --no-warn-conflicts "$torch" || return 1
    # last: the toolkit still imports pkg_resources
    "${pip[@]}" install --progress-bar off --no-warn-conflicts "setuptools<80" || return 1
    "$venv/bin/python" -c 'from rknn.api import RKNN' >/dev/null
}

# the newest that the toolkit accepts; without TensorBoard and other things that only training needs
install_tensorflow() {
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input -qq) name=tensorflow-cpu
    [ "$(uname -m)" = aarch64 ] && name=tensorflow-cpu-aws
    "${pip[@]}" install --progress-bar off --no-warn-conflicts --no-deps "$name==$tensorflow" keras==2.14.0 \
        tensorflow-estimator==2.14.0 ml-dtypes==0.2.0 "wrapt<1.15" absl-py astunparse gast google-pasta grpcio h5py \
        opt-einsum requests certifi charset-normalizer idna urllib3 six termcolor || return 1
    "$venv/bin/python" -c 'import tensorflow' 2>/dev/null
}

if [ "$(cat "$venv/.toolkit" 2>/dev/null)" != "$toolkit" ] || ! "$venv/bin/python" -c "" 2>/dev/null; then
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64 | Linux-aarch64) ;;
        *) stop "The vendor's toolkit runs on Linux x86_64 and aarch64 only; this is $(uname -s) $(uname -m)." ;;
    esac
    python=$(choose_python)
    [ -n "$python" ] || stop "The vendor's toolkit needs a Python between 3.10 and 3.12 with venv, and none was found; name one with PYTHON=/path/to/python."
    # the folder is emptied: only one that was made here, or that has nothing
    if [ -n "$(ls -A "$venv" 2>/dev/null)" ] && [ ! -f "$venv/.toolkit" ]; then
        stop "$venv is not empty, and was not made for the toolkit; choose another folder, or remove it."
    fi
    say "Installing rknn-toolkit2 $toolkit into $venv ($(command -v "$python"), 1 to 5 GB, several minutes) …"
    rm -rf -- "$venv"
    mkdir -p "$venv"
    echo begun > "$venv/.toolkit"
    "$python" -m venv "$venv"
    install_toolkit || stop "The vendor's toolkit could not be installed; read the lines above."
    echo "$toolkit" > "$venv/.toolkit"
fi
if [ -n "$tensorflow" ] && [ "$(cat "$venv/.tensorflow" 2>/dev/null)" != "$tensorflow" ]; then
    "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info[:2] > (3, 11))' \
        || stop "TensorFlow $tensorflow needs Python 3.10 or 3.11, and $venv has a newer one; remove it and name another with PYTHON=/path/to/python."
    say "Installing TensorFlow $tensorflow …"
    install_tensorflow || stop "TensorFlow could not be installed; read the lines above. The toolkit itself is ready."
    echo "$tensorflow" > "$venv/.tensorflow"
fi
echo "$venv/bin/python"
