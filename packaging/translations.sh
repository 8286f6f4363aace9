#!/usr/bin/env bash
# Brings the texts of the window into resources/translations/*.ts and compiles them. Translate what is "unfinished"
# in between (pyside6-linguist, or any editor), then run it again. Needs the development environment.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=${PYSIDE_TOOLS:-$root/.venv/bin}
cd "$root/workbench/ui"

mapfile -t files < <(find . -name '*.py' -printf '%P\n' | sort)
for ts in "$root"/resources/translations/*.ts; do
    "$tools/pyside6-lupdate" "${files[@]}" -source-language en -no-obsolete -locations none -ts "$ts"
    "$tools/pyside6-lrelease" "$ts" -qm "${ts%.ts}.qm"
done
