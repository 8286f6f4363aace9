#!/usr/bin/env bash
# Put the program into the desktop's menu: its entry, its icons, and what it opens (.onnx, a session's session.json, folders).
#
#   bash packaging/desktop.sh [PREFIX] [COMMAND]
#
# PREFIX is ~/.local unless given (packaging/deb.sh gives the package's usr); COMMAND starts the window: rknn-workbench-gui
# where that is found, else the one of this checkout. Take it away again: bash packaging/desktop.sh --remove [PREFIX]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case "${1:-}" in -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;; esac

remove=""
[ "${1:-}" = --remove ] && { remove=yes; shift; }
share=${1:-$HOME/.local}/share
command=${2:-}
name=rknn-workbench

python() {
    local choice
    for choice in "${PYTHON:-}" "$root/.venv/bin/python" python3; do
        [ -n "$choice" ] && "$choice" -c 'import PySide6.QtSvg' 2>/dev/null && { "$choice" "$@"; return; }
    done
    echo "[desktop] No Python here has PySide6, which draws the icons; run packaging/setup.sh first." >&2
    exit 2
}

# what desktops keep of these folders; each is there or not
tell_desktop() {
    if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime"; fi
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications"; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t "$share/icons/hicolor" || true; fi
}

if [ -n "$remove" ]; then
    rm -f "$share/applications/$name.desktop" "$share/mime/packages/$name.xml" "$share"/icons/hicolor/*/apps/$name.*
else
    [ -n "$command" ] || command=$(command -v rknn-workbench-gui || echo "$root/.venv/bin/rknn-workbench-gui")
    icons=$(mktemp -d)
    trap 'rm -rf "$icons"' EXIT
    python "$root/packaging/icons.py" "$icons"
    mkdir -p "$share/applications" "$share/mime/packages" "$share/icons"
    cp -r "$icons/hicolor" "$share/icons/"
    cp "$root/packaging/desktop/$name.xml" "$share/mime/packages/"
    # quoted, and % doubled, as the specification of desktop entries wants it
    { sed '/^Exec=/d' "$root/packaging/desktop/$name.desktop"; printf 'Exec="%s" %%f\n' "${command//%/%%}"; } > "$share/applications/$name.desktop"
fi
[ -n "${DESTINATION_OF_A_PACKAGE:-}" ] || tell_desktop
