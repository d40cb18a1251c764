#!/usr/bin/env python3
"""Cuts the bundled fonts down to the characters the lab can show.

The originals are Debian packages (`apt-get install fonts-inter fonts-jetbrains-mono
fonts-noto-cjk fonttools`):

    Inter            OFL-1.1  https://github.com/rsms/inter
    JetBrains Mono   OFL-1.1  https://github.com/JetBrains/JetBrainsMono
    Noto Sans CJK SC OFL-1.1  https://github.com/notofonts/noto-cjk  (font 2 of the collection)

Characters kept: Latin, punctuation, arrows and signs (all fonts); every character that the
sources in src/ and the texts in lessons/ use; and, in the Chinese fonts, GB2312 level 1 (the
3755 most used characters), so that a teacher's own lesson shows as well.

Ligatures are left out on purpose: `==` and `->` in code must look like what is typed.

Run it from anywhere after phrases or lessons changed; a test fails when a glyph is missing.
The results are the same bytes whenever the inputs are.
"""

import pathlib
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

LATIN = (
    [(0x20, 0x7E), (0xA0, 0x17F), (0x2BB, 0x2DD), (0x391, 0x3C9), (0x2010, 0x2027)]
    + [(0x2030, 0x203A), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2190, 0x21FF)]
    + [(0x2200, 0x22FF), (0x2300, 0x23FF), (0x2423, 0x2423), (0x2500, 0x25FF)]
    + [(0x2600, 0x2605), (0x2713, 0x2718), (0xFFFD, 0xFFFD)]
)
CHINESE_SIGNS = [(0x3000, 0x301F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE5)]

SOURCES = {
    "Inter-Regular.otf": ("opentype/inter/Inter-Regular.otf", -1, "latin"),
    "Inter-SemiBold.otf": ("opentype/inter/Inter-SemiBold.otf", -1, "latin"),
    "JetBrainsMono-Regular.ttf": ("truetype/jetbrains-mono/JetBrainsMono-Regular.ttf", -1, "latin"),
    "JetBrainsMono-Bold.ttf": ("truetype/jetbrains-mono/JetBrainsMono-Bold.ttf", -1, "latin"),
    "NotoSansSC-Regular.otf": ("opentype/noto/NotoSansCJK-Regular.ttc", 2, "chinese"),
    "NotoSansSC-Bold.otf": ("opentype/noto/NotoSansCJK-Bold.ttc", 2, "strong"),
}


def span(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def used(folder, *endings):
    """Every character beyond ASCII in the files of these kinds."""
    found = set()
    for ending in endings:
        for path in sorted((ROOT / folder).rglob(f"*.{ending}")):
            found |= {ord(c) for c in path.read_text(encoding="utf-8") if ord(c) > 0x7E}
    return found


def gb2312_level_1():
    """Rows 16 to 55 of GB2312: bytes B0A1 to D7F9."""
    found = set()
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                pass  # the last five cells of row 55 are empty
    return found


def main():
    fonts = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts")
    phrases = used("src/i18n", "rs") | used("lessons", "md", "toml")
    everything = phrases | used("src", "rs")
    characters = {
        "latin": span(LATIN) | everything,
        "chinese": span(LATIN) | span(CHINESE_SIGNS) | gb2312_level_1() | everything,
        "strong": span(CHINESE_SIGNS) | gb2312_level_1() | phrases,
    }
    for target, (source, number, kind) in SOURCES.items():
        options = subset.Options()
        options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
        options.hinting = False
        options.desubroutinize = False
        options.notdef_outline = True
        options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
        options.recalc_timestamp = False
        options.drop_tables += ["DSIG", "vhea", "vmtx", "VORG", "BASE"]
        font = TTFont(fonts / source, fontNumber=number, recalcTimestamp=False)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=characters[kind])
        cutter.subset(font)
        font.save(HERE / target)
        size = (HERE / target).stat().st_size
        print(f"{target}: {len(font.getBestCmap())} characters, {size // 1024} KB")


if __name__ == "__main__":
    main()
