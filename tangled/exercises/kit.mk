# generated from chapters/38-kit.nw by noweb; do not edit
CC ?= cc
CFLAGS ?= -O1 -g
FLAGS = -std=gnu11 -DREAL=double -Ichecker $(CFLAGS)
PATTERN := $(shell echo 'int x;' | $(CC) -ftrivial-auto-var-init=pattern -x c -c -o /dev/null - 2>/dev/null && echo -ftrivial-auto-var-init=pattern)
ADVICE := Debian, Ubuntu: sudo apt install gcc libc6-dev; macOS: xcode-select --install; or name yours: make check CC=clang
include checker/parts.mk
.SECONDARY:
.DELETE_ON_ERROR:

# What the student can ask for
check: compiler blanks build/grade build/parts/exercise.o build/parts/kit.o
> @CC='$(CC)' FLAGS='$(FLAGS) $(PATTERN)' sh checker/answers.sh '$(EX)'
> @build/grade '$(EX)'
compiler:
> @$(CC) --version > /dev/null 2>&1 || { echo "A C compiler is needed, and “$(CC)” is none. $(ADVICE)" >&2; exit 1; }
blanks: ; @sh checker/lay-out.sh
help: ; @sed -n 's/^## //p' Makefile
hint: build/grade ; @sh checker/hint.sh '$(EX)'
watch: ; @sh checker/watch.sh "$(MAKE)" '$(EX)'
clean: ; rm -rf build
.PHONY: check compiler blanks help hint watch clean
## make check          grade all exercises; writes results.json
## make check EX=12    grade one, and show its solution once it is right; also EX=8-10, EX=8,12, EX=pick-slope
## make hint EX=12     the next hint for one exercise
## make watch EX=12    grade it again whenever its file is saved
## make blanks         put files here for exercises that have none, or have changed
## make clean          remove what was compiled

# How the checker is compiled
build/parts/called-%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -include checker/weak.h -c $< -o $@
build/parts/%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -c $< -o $@
build/parts/kit.o: $(CALLED:%=build/parts/called-%)
> @$(CC) -r -nostdlib $^ -o $@
build/grade: $(GRADED:%=build/parts/%)
> @$(CC) $(FLAGS) $^ -lm -o $@
build/parts: | compiler
> @mkdir -p $@
> @echo 'Compiling the checker. That is done once, and takes a few seconds.' >&2
