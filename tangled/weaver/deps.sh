#!/bin/sh
# generated from chapters/41-weave.nw by noweb; do not edit
# deps.sh ask GOAL TOOL...: names what `make GOAL` needs and does not find, and how to install it
# deps.sh install TOOL...:  installs tools on Debian and its relatives; elsewhere says how
set -eu
export LC_ALL=C
# List the tools with their packages
# tool|Debian, Ubuntu|Fedora|Arch|Homebrew
tools() {
    cat << 'END'
cc|gcc libc6-dev|gcc|gcc|gcc
make|make|make|make|make
gsl|libgsl-dev|gsl-devel|gsl|gsl
noweb|noweb|noweb|noweb|noweb
pandoc|pandoc|pandoc|pandoc-cli|pandoc
perl|perl|perl perl-Test-Harness|perl|perl
curl|curl|curl|curl|curl
shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck
poppler|poppler-utils|poppler-utils|poppler|poppler
lualatex|texlive-luatex texlive-latex-extra|texlive-luatex texlive-scheme-medium|texlive-luatex texlive-latexextra|mactex-no-gui
lualatex|texlive-pictures|texlive-pgfplots|texlive-pictures|
lualatex|lmodern fonts-dejavu-core|texlive-lm dejavu-sans-mono-fonts|ttf-dejavu|font-dejavu
lualatex|fonts-texgyre fonts-texgyre-math|texlive-tex-gyre texlive-tex-gyre-math|texlive-fontsrecommended|
wasi|clang lld wasi-libc libclang-rt-dev-wasm32|clang lld wasi-libc-static compiler-rt|clang lld wasi-libc wasi-compiler-rt|llvm lld wasi-libc wasi-runtimes
npm|nodejs npm|nodejs npm|nodejs npm|node
fonttools|fonttools python3-brotli|fonttools python3-brotli|python-fonttools python-brotli|fonttools
chromium|chromium|chromium|chromium|chromium
firefox|firefox-esr|firefox|firefox|firefox
epubcheck|epubcheck|epubcheck|epubcheck|epubcheck
END
}

# Learn which system this is
column=1 installer="install with what your system has for it:"
while read -r number program command; do
    if command -v "$program" > /dev/null; then
        column=$number installer=$command
        break
    fi
done << 'END'
2 apt-get apt-get install -y --no-install-recommends
3 dnf dnf install
4 pacman pacman -S
5 brew brew install
END

# Translate tools into packages
packages() {
    for tool; do
        tools | awk -F '|' -v tool="$tool" -v column="$column" '$1 == tool { print $column }'
    done | tr -s ' ' '\n' | awk 'NF && !seen[$0]++ { printf "%s%s", gap, $0; gap = " " }'
}

# Recognise a tool
present() {
    # shellcheck disable=SC2086 # flags are words
    case $1 in
    cc) command -v "${CC%% *}" ;;
    gsl) echo '#include <gsl/gsl_deriv.h>' | $CC ${CPPFLAGS:-} -E -x c - ;;
    noweb) command -v notangle && command -v noroots ;;
    perl) perl -MTAP::Harness -e 1 ;;
    wasi) echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c -o /dev/null - ;;
    fonttools) command -v pyftsubset ;;
    firefox) command -v firefox-esr || command -v firefox ;;
    poppler) command -v pdftocairo && command -v pdftotext && command -v pdftoppm ;;
    lualatex) command -v lualatex && kpsewhich scrbook.cls pgfplots.sty lmmono10-regular.otf \
        texgyrepagella-regular.otf texgyrepagella-math.otf ;;
    *) command -v "$1" ;;
    esac > /dev/null 2>&1
}

# Install tools
install() {
    if [ "$column" != 2 ]; then
        echo "what the book needs, by the names used here:" >&2
        echo "$installer $(packages "$@")"
        exit 1
    fi
    missing=
    # Pass over programs that came some other way
    for tool; do
        shift
        if [ "$tool" != npm ] || ! present npm; then set -- "$@" "$tool"; fi
    done
    for package in $(packages "$@"); do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    test -n "$missing" || { echo "everything is installed"; exit 0; }
    # Become root if need be
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo > /dev/null || { echo "as root: $installer$missing" >&2; exit 1; }
        root=sudo
    fi
    $root apt-get update
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive $installer $missing
}

# Ask for tools
ask() {
    goal=$1 missing=
    CC=${CC:-cc}
    shift
    for tool; do
        present "$tool" || missing="$missing $tool"
    done
    test -n "$missing" || return 0
    echo "make $goal needs what is not here:$missing" >&2
    # shellcheck disable=SC2086
    echo "    $installer $(packages $missing)" >&2
    echo missing
}
case ${1:-} in
ask | install) "$@" ;;
*) echo "usage: deps.sh ask GOAL TOOL... | install TOOL..." >&2; exit 2 ;;
esac
