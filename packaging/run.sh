#!/usr/bin/env bash
# Start RKNN Workbench from this checkout; installs what is missing first.
#
#   bash packaging/run.sh                           the window, with the demo
#   bash packaging/run.sh PATH                      the window, with a network or a saved session
#   bash packaging/run.sh --headless                the demo without a window: the layer table and an HTML report
#   bash packaging/run.sh --headless MODEL …        the same for a network; everything after MODEL goes to `analyze`
#   bash packaging/run.sh --headless SESSION        writes the report of a saved session
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case "${1:-}" in -h | --help) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac

headless=""
[ "${1:-}" = --headless ] && { headless=yes; shift; }

say() { printf '[run] %s\n' "$*" >&2; }
workbench() { "$root/.venv/bin/python" -m workbench "$@"; }

has_display() {
    case "$(uname -s)" in Darwin) return 0 ;; esac
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ -n "${QT_QPA_PLATFORM:-}" ]
}

# the folder that the user named with -o, else the default $1
output_of() {
    local folder=$1; shift
    while [ $# -gt 0 ]; do
        case "$1" in -o | --output) folder=${2:-$folder} ;; --output=*) folder=${1#*=} ;; esac
        shift
    done
    echo "$folder"
}

# MODEL and the options of `analyze`; -o comes last and wins
analyze_model() {
    local model=$1 name session status=0; shift
    name=$(basename "$model")
    session=$(output_of "$root/sessions/${name%.*}" "$@")
    workbench analyze "$model" "$@" -o "$session" || status=$?
    [ "$status" -le 1 ] || return "$status" # 1: done, and a limit was missed
    workbench export "$session" --format html -o "$session/report.html"
    say "Report: $session/report.html"
    return "$status"
}

run_headless() {
    if [ $# = 0 ] || [[ "$1" == -* ]]; then workbench demo --headless "$@" -o "$(output_of "$root/sessions/demo" "$@")"
    elif [ -d "$1" ]; then workbench export "$@" --format html -o "$(output_of "$1/report.html" "$@")"
    else analyze_model "$@"; fi
}

if [ -z "$headless" ] && ! has_display; then
    say "There is no display here (DISPLAY and WAYLAND_DISPLAY are empty). Without a window: bash packaging/run.sh --headless [PATH]"
    exit 2
fi
bash "$root/packaging/setup.sh"
if [ -n "$headless" ]; then run_headless "$@"
elif [ $# = 0 ]; then workbench demo
else workbench "$@"; fi
