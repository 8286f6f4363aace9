#!/usr/bin/env bash
# Make this checkout ready to run: system libraries, .venv, the pinned packages, the project itself.
#
#   bash packaging/setup.sh [--dev]        --dev adds what the checks and tests need
#
# Does only what is missing; a second run takes a second. PYTHON=/path/to/python chooses the interpreter.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
venv="$root/.venv"
lock=requirements
[ "${1:-}" = --dev ] && lock=requirements-dev

say() { printf '[setup] %s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }

# --- Python -----------------------------------------------------------------------------------------------------------

# prints "3.12" when the interpreter runs and is new enough; a version manager's stand-in may exist and still fail
version_of() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2]) if sys.version_info >= (3, 11) else sys.exit(1)' 2>/dev/null </dev/null
}
can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null </dev/null; }

# the best interpreter; one that can make a venv now goes before one that still needs a system package
choose_python() {
    local candidates=(python3.13 python3.12 python3.11 python3.14 python3 /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11) name incomplete=""
    [ -n "${PYTHON:-}" ] && candidates=("$PYTHON")
    for name in "${candidates[@]}"; do
        [ -n "$(version_of "$name")" ] || continue
        if can_make_venv "$name"; then echo "$name"; return; fi
        incomplete=${incomplete:-$name}
    done
    echo "$incomplete"
}

# --- system packages --------------------------------------------------------------------------------------------------

# one line a package; names after "|" are what other releases call it
window_packages() {
    cat <<'LIST'
libglib2.0-0t64|libglib2.0-0
libegl1
libgl1
libdbus-1-3
libfontconfig1
libxkbcommon0
libxcb-cursor0
libxcb-icccm4
libxcb-keysyms1
libxcb-shape0
libxkbcommon-x11-0
LIST
    has_chinese_font || echo "fonts-wqy-microhei"
    [ "$lock" = requirements-dev ] && printf '%s\n' xvfb xdotool adb openssh-server busybox # tests drive the real window with them, and talk to stand-ins of boards
    return 0
}

has_chinese_font() {
    if command -v fc-list >/dev/null; then [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; else is_installed 'fonts-wqy-microhei|fonts-wqy-zenhei|fonts-noto-cjk'; fi
}

is_installed() {
    local name
    for name in ${1//|/ }; do
        grep -qx installed <<< "$(dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null)" && return 0
    done
    return 1
}

missing_packages() { local line; while read -r line; do is_installed "$line" || echo "$line"; done; }

# the name this release knows, given "new|old"
known_name() {
    local name
    for name in ${1//|/ }; do
        [ -n "$(apt-cache policy "$name" 2>/dev/null | grep 'Candidate:' | grep -v '(none)')" ] && { echo "$name"; return; }
    done
    echo "${1##*|}"
}

# how to become root for apt: "" as root, "sudo", or failure
as_root() {
    if [ "$(id -u)" = 0 ]; then echo env
    elif ! command -v sudo >/dev/null; then return 1
    elif sudo -n true 2>/dev/null; then echo "sudo -n env"
    elif [ -t 0 ] && [ -t 2 ]; then echo "sudo env"
    else return 1; fi
}

# install_packages NAME|ALTERNATIVE…; returns 1 after one sentence when it cannot
install_packages() {
    local become names=() spec get=(apt-get -y -q -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0)
    command -v apt-get >/dev/null || { say "This system has no apt-get; install by hand what corresponds to: $*"; return 1; }
    become=$(as_root) || { say "Root rights are needed for system packages; run: sudo apt-get install --no-install-recommends ${*##*|}"; return 1; }
    say "Updating the list of system packages (apt-get update) …"
    $become DEBIAN_FRONTEND=noninteractive "${get[@]}" update >/dev/null || say "apt-get update failed; going on with the list that is there."
    for spec in "$@"; do names+=("$(known_name "$spec")"); done
    say "Installing system packages: ${names[*]} …"
    $become DEBIAN_FRONTEND=noninteractive "${get[@]}" install --no-install-recommends "${names[@]}" </dev/null >/dev/null && return 0
    say "System packages could not be installed; run: sudo apt-get install --no-install-recommends ${names[*]}"
    return 1
}

ensure_window_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    local missing
    if ! command -v dpkg >/dev/null; then say "This system has no dpkg; the window needs the usual libraries of Qt 6 (EGL, GL, xkbcommon, xcb)."; return 0; fi
    mapfile -t missing < <(window_packages | missing_packages)
    [ ${#missing[@]} = 0 ] && return 0
    install_packages "${missing[@]}" || say "Going on without them: the command line works, the window may not open."
}

# --- Python packages --------------------------------------------------------------------------------------------------

# what an up-to-date .venv was made from
fingerprint() { echo "$root $("$venv/bin/python" -VV | tr '\n' ' ')$(cat "$root/packaging/$1.txt" "$root/pyproject.toml" | cksum)"; }

is_ready() {
    local name
    [ -x "$venv/bin/python" ] || return 1
    for name in requirements-dev "$lock"; do # the developer's set contains the user's
        [ "$(cat "$venv/.installed-$name" 2>/dev/null)" = "$(fingerprint "$name")" ] && return 0
    done
    return 1
}

ensure_venv() {
    # a .venv that was copied from elsewhere or whose interpreter is gone is made anew
    if [ "$("$venv/bin/python" -c 'import pip, sys; print(sys.prefix)' 2>/dev/null)" = "$venv" ] && grep -qsF "$venv" "$venv/bin/activate"; then return; fi
    local python version
    python=$(choose_python)
    [ -n "$python" ] || stop "Python 3.11 or newer is needed and none was found${PYTHON:+ at $PYTHON}. Install it (Debian 12, Ubuntu 24.04: sudo apt-get install python3 python3-venv; Ubuntu 22.04: sudo apt-get install python3.11 python3.11-venv), then run this again."
    version=$(version_of "$python")
    if ! can_make_venv "$python"; then
        install_packages "python$version-venv|python3-venv" || true
        can_make_venv "$python" || stop "$python cannot make a virtual environment. Install python$version-venv, then run this again."
    fi
    say "Making .venv with Python $version ($(command -v "$python")) …"
    "$python" -m venv --clear "$venv"
}

install_python_packages() {
    local pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input -qq) count
    count=$(grep -c '^[a-z].*==' "$root/packaging/$lock.txt")
    say "Installing the $count packages of packaging/$lock.txt into .venv (some 250 MB to fetch, a few minutes the first time) …"
    "${pip[@]}" install --progress-bar off --require-hashes -r "$root/packaging/$lock.txt" \
        || stop "The Python packages could not be installed. Read the lines above, check the connection to your package index, then run this again."
    say "Installing the project itself …"
    "${pip[@]}" install --no-deps --no-build-isolation -e "$root" || stop "The project itself could not be installed; read the lines above."
    fingerprint "$lock" > "$venv/.installed-$lock"
}

ensure_window_packages
if ! is_ready; then
    ensure_venv
    is_ready || install_python_packages
    say "Ready."
fi
