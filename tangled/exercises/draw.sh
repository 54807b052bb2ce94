#!/bin/sh
# generated from chapters/40-course.nw by noweb; do not edit
# draw.sh KEYMAKER EQUATIONS FROM TO WORD: the kit of FROM with other numbers, in TO/kit
set -eu
from=$(cd "$3" && pwd)
rm -rf "$4" && mkdir -p "$4"
for part in list.tsv variants.tsv wrong-formulas.tsv envelopes code bin; do ln -s "$from/$part" "$4/$part"; done
cp -R "$from/kit" "$4/kit"
rm -f "$4"/kit/key/*
"$1" "$4" "$2" "$5" > "$4/log" || { cat "$4/log" >&2; exit 1; }
