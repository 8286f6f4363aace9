#!/usr/bin/env bash
# Make a Debian package of the folder that packaging/standalone.py made (needs dpkg-deb).
#
#   bash packaging/deb.sh [FOLDER]        FOLDER holds rknn-workbench/ and gets the package; dist unless given
#
# It goes to /opt/rknn-workbench, with both commands in /usr/bin, an entry in the menu, icons, and what opens with it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$root/dist}
name=rknn-workbench

stop() { printf '[deb] %s\n' "$*" >&2; exit 2; }
[ -x "$folder/$name/$name" ] || stop "$folder/$name is not there; run packaging/standalone.py first."
version=$("$folder/$name/$name" --version | cut -d' ' -f2)
machine=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

mkdir -p "$tree/DEBIAN" "$tree/opt" "$tree/usr/bin" "$tree/usr/share/doc/$name"
cp -r "$folder/$name" "$tree/opt/$name"
for command in "$name" "$name-gui"; do ln -s "/opt/$name/$command" "$tree/usr/bin/$command"; done
PYTHON=${PYTHON:-$root/build/standalone/environment/bin/python} DESTINATION_OF_A_PACKAGE=yes \
    bash "$root/packaging/desktop.sh" "$tree/usr" "/usr/bin/$name-gui"
cp "$root/LICENSE" "$tree/usr/share/doc/$name/copyright"
gzip -9nc "$root/CHANGELOG.md" > "$tree/usr/share/doc/$name/changelog.gz"
# the libraries of Qt's window that PyInstaller leaves to the system; what other releases call them after "|"
cat > "$tree/DEBIAN/control" <<CONTROL
Package: $name
Version: $version
Architecture: $machine
Maintainer: The RKNN Workbench contributors <rknn-workbench@localhost>
Section: devel
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Depends: libc6, libegl1, libgl1, libdbus-1-3, libfontconfig1, libglib2.0-0t64 | libglib2.0-0, libxkbcommon0
Recommends: libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-shape0, libxkbcommon-x11-0, fonts-wqy-microhei | fonts-noto-cjk
Suggests: adb, openssh-client
Description: find out where and why a network's numbers part on a Rockchip NPU
 Runs a network in float, on a quantising simulator and on the board, compares
 every layer, finds the cause of what is lost, and writes the configuration
 that repairs it. With a window and a command line.
CONTROL
chmod -R u=rwX,go=rX "$tree"
package="$folder/${name}_${version}_$machine.deb"
dpkg-deb --root-owner-group -Zzstd -z9 --build "$tree" "$package" >/dev/null
echo "$package"
