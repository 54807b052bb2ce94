#!/bin/sh
# generated from chapters/55-page-network.nw by noweb; do not edit
# pack-file.sh NAME FILE: a script that gives the page the bytes of a file
set -eu
printf 'Book.%s = "%s";\n' "$1" "$(gzip -9 -n -c "$2" | base64 | tr -d '\n')"
