"""Write the program's icon in the forms that desktops ask for, from resources/application.svg.

python packaging/icons.py [FOLDER]        FOLDER is build/icons unless given

PNG in every size of the icon theme (hicolor/…/apps), an .ico for Windows, an .icns for macOS, and the SVG itself.
"""

import os
import shutil
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "resources" / "application.svg"
NAME = "rknn-workbench"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_TYPES = {"icp4": 16, "icp5": 32, "icp6": 64, "ic07": 128, "ic08": 256, "ic09": 512, "ic10": 1024}


def write_icons(folder: Path) -> None:
    """Write them all; a QGuiApplication must be there."""
    for size in SIZES:
        path = folder / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(size))
    scalable = folder / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SOURCE, scalable)
    (folder / f"{NAME}.ico").write_bytes(ico(ICO_SIZES))
    (folder / f"{NAME}.icns").write_bytes(icns(ICNS_TYPES))


def png(size: int) -> bytes:
    """The icon as a PNG, `size` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs do not know that a buffer is a device
    return bytes(buffer.data().data())


def ico(sizes: tuple[int, ...]) -> bytes:
    """Windows' container, PNGs inside (Vista and later): header, 16 bytes a picture, the pictures; 0 stands for 256."""
    pictures = [png(size) for size in sizes]
    head, at = struct.pack("<HHH", 0, 1, len(sizes)), 6 + 16 * len(sizes)
    for size, picture in zip(sizes, pictures, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures)


def icns(types: dict[str, int]) -> bytes:
    """Apple's container: `icns` and the length of all, then a type, a length with these 8 bytes, and a PNG each."""
    body = b""
    for kind, size in types.items():
        picture = png(size)
        body += struct.pack(">4sI", kind.encode(), len(picture) + 8) + picture
    return struct.pack(">4sI", b"icns", len(body) + 8) + body


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    write_icons(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "icons"))
