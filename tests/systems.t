#!/bin/sh
# What is missing is said before anything is made, with its remedy; and what happens to be
# in the environment changes nothing. Each test is a machine that was met, or its imitation.
set -u
export LC_ALL=C
. tests/tap.sh
says() { # says TEXT WHAT: the last output has the text; shows it if not
    has "$2" "$1" "$work/out"
}
build=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS BUILD

# ---- make itself

! make -n all MAKE_VERSION=3.81 > "$work/out" 2>&1
ok $? "the make of a Mac is too old"
says "the book needs 4.2 or later" "and it is said what is needed"
make -n help MAKE_VERSION=4.10 > "$work/out" 2>&1
ok $? "a make of the future is not"
! make -n all BUILD="$work/b x" > "$work/out" 2>&1
ok $? "make cannot build in a folder whose name has a blank"
says "give a folder without" "and says so"
! make clean BUILD=. > "$work/out" 2>&1 && test -e Makefile
ok $? "clean does not remove the sources"

# ---- machines that lack something

mkdir "$work/bin"
echo "$PATH" | tr : '\n' | while read -r folder; do
    case $folder in */ccache) continue ;; esac      # it would look for the compiler, and find itself
    ln -s "$folder"/* "$work/bin/" 2> /dev/null
done
lacking() { # lacking GOAL TOOL...: make GOAL, where standard input stays open, without some tools
    goal=$1
    shift
    mkdir "$work/away"
    for tool; do mv "$work/bin/$tool" "$work/away/"; done
    { sleep 20 & echo $! > "$work/sleeper"; wait; } |
        { PATH=$work/bin make "$goal" BUILD="$work/built" > "$work/out" 2>&1
          echo $? > "$work/status"; kill "$(cat "$work/sleeper")"; }
    mv "$work/away"/* "$work/bin/"
    rmdir "$work/away"
    test "$(cat "$work/status")" != 0 && test ! -e "$work/built"
    ok $? "make $goal without $* stops before anything is made"
}
for goal in html pdf check exercises "$work/built/book.json"; do
    lacking "$goal" notangle
    says "make $goal needs what is not here: noweb" "and names noweb"
done
lacking html pandoc lualatex
says "lualatex pandoc" "all that is missing is named at once"
says "install" "with the command for it"
lacking check prove shellcheck
lacking train cc
says "needs what is not here: cc" "a compiler is missed too"
# shellcheck disable=SC2016 # the script expands
printf '#!/bin/sh\nfor a; do test "$a" = -E && exit 1; done; exec cc "$@"\n' > "$work/bin/no-gsl"
chmod +x "$work/bin/no-gsl"
! PATH=$work/bin make check CC=no-gsl BUILD="$work/built" < /dev/null > "$work/out" 2>&1 && test ! -e "$work/built"
ok $? "make check without GSL stops before anything is made"
says "make check needs what is not here: gsl" "and names it"

# ---- systems without apt

rm -f "$work"/bin/apt-get "$work"/bin/dnf "$work"/bin/pacman "$work"/bin/brew
names() { # names INSTALLER TOOL TEXT: what to install, where INSTALLER is found
    printf '#!/bin/sh\n' > "$work/bin/$1"
    chmod +x "$work/bin/$1"
    ! PATH=$work/bin sh tangled/weaver/deps.sh install "$2" > "$work/out" 2>&1
    ok $? "where $1 is found, nothing is installed"
    says "$3" "but the command is printed"
    rm -f "$work/bin/$1"
}
names dnf gsl 'dnf install gsl-devel'
names pacman pandoc 'pacman -S pandoc-cli'
names brew lualatex 'brew install mactex-no-gui font-dejavu'
! PATH=$work/bin sh tangled/weaver/deps.sh install gsl noweb > "$work/out" 2>&1
says "gsl noweb" "where none is found, the tools have their common names"

# ---- the environment

cp -R Makefile tangled "$work"
cd "$work" || exit 1
make -n train NOTANGLE= > plain 2> /dev/null
HIDDEN=7 SEED=9 TEXT=none OUT=x DEBUG=1 SANITIZE=1 DRAFT=1 BUILD=y NEEDS_TANGLE=1 SANITIZERS=-x \
    make -n train NOTANGLE= > "$work/out" 2> err
cmp -s plain "$work/out"
ok $? "settings of the same name in the environment change nothing"
grep -q 'SEED of the environment is not used' err
ok $? "which is said"
# shellcheck disable=SC2016 # make and its shell expand
test "$(LC_ALL=tr_TR.UTF-8 make -s --eval='locale: ; @echo $$LC_ALL' NOTANGLE= locale 2> err)" = C
ok $? "scripts run in the C locale, whatever the reader's"
cd - > /dev/null || exit 1

# ---- goals that install, and goals that make

# A machine on which a compiler for WebAssembly and its package appear when they are installed.
cat > "$work/tangled/weaver/deps.sh" << 'END'
test "$1" = install || exit 0
printf '#!/bin/sh\nexit 0\n' > bin/wasm-cc && chmod +x bin/wasm-cc
END
# shellcheck disable=SC2016 # the script and make expand
echo 'mkdir -p "$2/temml-1"' > "$work/tangled/web/packages.sh"
rm -f "$work/bin/wasm-cc"
# shellcheck disable=SC2016
(cd "$work" && PATH=$work/bin:$PATH make -j2 deps-web probe.html NOTANGLE= WASM_CC=wasm-cc BUILD=new \
    --eval='probe.html: ; @echo "made $(or $(LIVE),dead)"') > "$work/out" 2>&1
says "made live" "what make deps-web installs is seen by a goal beside it"
test "$(grep -c '^made' "$work/out")" -eq 1
ok $? "which is made once"

# ---- the checker, alone

cp "$build/eqcheck" "$work/alone"
printf '%s\n' 'h_t = \tanh(z^h_t)' '\delta^y_t = \hat{y}_t - y_t' '\delta^y_t = y_t' | (cd / && "$work/alone") > "$work/out" 2>&1
test "$(awk '/^[a-z]/ { printf "%s ", $1 }' "$work/out")" = 'ok ok wrong '
ok $? "the checker knows the book's network, alone and from anywhere"
! (cd / && "$work/alone" --equations none.tsv) < /dev/null > "$work/out" 2>&1
says "none.tsv: No such file" "and names a table that is not there"

# ---- what has not changed

renew() { sh tangled/weaver/renew.sh "$work/from" "$work/to" .sign list code; }
fresh() { mkdir -p "$work/from/code"; for f in list code/a.c code/b.c; do echo "$f" > "$work/from/$f"; done; }
fresh && mkdir "$work/to" && renew
test "$(cat "$work/to/code/a.c" "$work/to/list" | tr '\n' ' ')" = 'code/a.c list ' && test -e "$work/to/.sign"
ok $? "what is new is carried over"
touch -t 200001010000 "$work/to/.sign" "$work/to/code/a.c" "$work/to/code/b.c" && touch -t 200101010000 "$work/old"
fresh && renew
test -z "$(find "$work/to" -type f -newer "$work/old" ! -name list)"
ok $? "what is equal keeps its date, and there is no sign"
fresh && echo other > "$work/from/code/a.c" && rm "$work/from/code/b.c" && renew
test "$(cat "$work/to/code/a.c")" = other && test -n "$(find "$work/to/.sign" -newer "$work/old")"
ok $? "what differs is carried over, with a sign"
test ! -e "$work/to/code/b.c" && test -z "$(find "$work/to/list" -newer "$work/to/code/a.c")"
ok $? "and what is no longer there is removed"
done_testing
