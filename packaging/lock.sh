#!/usr/bin/env bash
# Write the lock files anew from pyproject.toml (needs uv): the newest versions that go together on Python 3.11 to 3.14.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate
        --upgrade --quiet --custom-compile-command "bash packaging/lock.sh" pyproject.toml --extra gui --extra cluster)
uv pip compile "${common[@]}" --group build -o packaging/requirements.txt
uv pip compile "${common[@]}" --group dev --constraint packaging/requirements.txt -o packaging/requirements-dev.txt
uv pip compile "${common[@]}" --group build --group standalone --constraint packaging/requirements.txt -o packaging/requirements-standalone.txt
# Ubuntu 22.04 has a release candidate of 3.11, which its pip does not count as "before 3.12" in the long form
sed -i "s/python_full_version \(<\|>=\) '\(3\.[0-9]*\)'/python_version \1 '\2'/" packaging/requirements*.txt
.venv/bin/python packaging/wheel_table.py # of what is locked now
