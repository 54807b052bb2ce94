#!/bin/sh
# generated from chapters/51-browser.nw by noweb; do not edit
# pack.sh NAME PROGRAM SCRIPT...: a script that gives the page a program and the source of its worker
set -eu
name=$1 program=$2
shift 2
letters() { base64 | tr -d '\n'; }
printf 'Book.programs.%s = { pack: "%s", source: "%s" };\n' "$name" \
    "$(gzip -9 -n -c "$program" | letters)" "$(cat "$@" | letters)"
