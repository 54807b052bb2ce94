#!/bin/sh
# generated from chapters/38-kit.nw by noweb; do not edit
# hand-out.sh KIT FOLDER: brings a student's folder up to date
set -eu
kit=$1 to=$2
mkdir -p "$to"
for part in checker key hints blank; do
    rm -rf "$to/$part.new"
    cp -R "$kit/$part" "$to/$part.new"
    rm -rf "${to:?}/$part"
    mv "$to/$part.new" "$to/$part"
done
cp "$kit/Makefile" "$kit/README.md" "$to/"
rm -f "$to/.vscode/tasks.json"
cd "$to"
sh checker/lay-out.sh
echo "$(find . -name '[0-9]*-*.*' -path './[0-9]*' -type f | grep -c .) exercises in $to"
