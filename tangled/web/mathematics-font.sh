#!/bin/sh
# generated from chapters/53-reading-page.nw by noweb; do not edit
# mathematics-font.sh FONT OUT LICENCE: the letters and signs of the book's formulas, as WOFF2
set -eu
font=$1 out=$2 licence=$3
letters=U+20-7E,U+A0,U+131,U+237,U+302,U+303,U+391-3A9,U+3B1-3C9,U+3D1,U+3D5
letters=$letters,U+3F5
styled=U+2102,U+210E,U+2112,U+2113,U+211D,U+1D434-1D467,U+1D6FC-1D71B
styled=$styled,U+1D6E4-1D6F4,U+1D49C-1D4B5,U+1D7CF
signs=U+AC,U+B1,U+B7,U+D7,U+2026,U+2032,U+2033,U+2061,U+20D7,U+2190-2194
signs=$signs,U+21A6,U+21D2,U+2200,U+2202,U+2203,U+2205-2209,U+220F,U+2211,U+2212
signs=$signs,U+2217-221A,U+221E,U+2225,U+2227-222B,U+2248,U+2254,U+2260,U+2261,U+2264
signs=$signs,U+2265,U+226A,U+226B,U+2282-2287,U+2295,U+2297-2299,U+22A4,U+22A5,U+22C5
signs=$signs,U+22EE-22F1,U+2308-230B,U+27E8,U+27E9
# Cut the font, and put its licence beside it
pyftsubset "$font" --unicodes="$letters,$styled,$signs" --flavor=woff2 --layout-features=ssty,dtls \
    --no-hinting --desubroutinize --name-IDs=0,13,14 --output-file="$out" 2> "$out.log" ||
    { cat "$out.log" >&2; exit 1; }
{
    echo "book-mathematics.woff2 is a part of TeX Gyre Pagella Math, by B. Jackowski, P. Strzelczyk and P. Pianowski,"
    echo "under the licence below: most of its signs were left out, and its name was changed."
    echo
    cat "$(dirname "$font" | sed 's|opentype/public|../doc/fonts|')"/*LICENSE* 2> /dev/null ||
        echo "The GUST Font License, which is the LaTeX Project Public License 1.3c or later."
} > "$licence"
