#!/bin/sh
# generated from chapters/26-weave.nw by noweb; do not edit
# deps.sh PACKAGE...: installs Debian packages, or says what to install elsewhere
set -eu
# Install with apt
if command -v apt-get > /dev/null; then
    missing=
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    test -n "$missing" || { echo "everything is installed"; exit 0; }
    # Become root if need be
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo > /dev/null ||
            { echo "as root: apt-get install$missing" >&2; exit 1; }
        root=sudo
    fi
    $root apt-get update
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
    exit 0
fi

# Say what to install on other systems
echo "This system has no apt-get. What to install, by the names used there:" >&2
if command -v dnf > /dev/null; then
    echo "dnf install gcc make gsl-devel noweb pandoc perl ShellCheck texlive-luatex \
texlive-scheme-medium texlive-tex-gyre texlive-tex-gyre-math texlive-lm dejavu-sans-mono-fonts poppler-utils"
elif command -v pacman > /dev/null; then
    echo "pacman -S gcc make gsl pandoc-cli perl shellcheck texlive-luatex texlive-latexextra \
texlive-pictures texlive-fontsrecommended ttf-dejavu poppler    # noweb is in the AUR"
elif command -v brew > /dev/null; then
    echo "brew install gsl noweb pandoc shellcheck poppler && brew install --cask mactex-no-gui font-dejavu"
else
    echo "a C compiler, make, GSL, noweb, pandoc, perl, shellcheck, TeX Live with LuaLaTeX, poppler"
fi
exit 1
