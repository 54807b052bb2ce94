# generated from chapters/38-kit.nw by noweb; do not edit
CC ?= cc
CFLAGS ?= -O1 -g
FLAGS = -std=gnu11 -DREAL=double -Ichecker $(CFLAGS)
ADVICE := Debian, Ubuntu: sudo apt install gcc libc6-dev; macOS: xcode-select --install; or name yours: make check CC=clang
include checker/parts.mk
.SECONDARY:
.DELETE_ON_ERROR:

# What the student can ask for
GRADER := build/grade build/parts/exercise.o build/parts/kit.o build/parts/pattern build/parts/system
PREPARE = CC='$(CC)' FLAGS="$(FLAGS) $$(cat build/parts/pattern)" sh checker/answers.sh "$$EX"
check: compiler blanks $(GRADER)
> @$(PREPARE)
> @build/grade $(OPTIONS) "$$EX"
problems: compiler blanks $(GRADER)
> @$(PREPARE)
> @build/grade "$$EX"
> @build/grade --places "$$EX"
ready: compiler $(GRADER)
grading: $(GRADER)
> @BLANKS=skipped $(PREPARE)
> @build/grade $(OPTIONS) "$$EX"
compiler:
> @$(CC) --version > /dev/null 2>&1 || { echo "A C compiler is needed, and “$(CC)” is none. $(ADVICE)" >&2; exit 1; }
blanks: ; @sh checker/lay-out.sh
help: ; @sed -n 's/^## //p' Makefile
clean: ; rm -rf build
.PHONY: check problems ready grading compiler blanks help list next hint diff reset update watch clean
## make next           what to do next
## make check          grade all exercises; writes results.json
## make check EX=12    grade one, and show its solution once it is right; also EX=8-10, EX=8,12, EX=pick-slope
## make hint EX=12     the next hint for one exercise
## make list           all exercises, by chapter: state, points, tries, hints
export EX FROM
list: blanks build/grade ; @sh checker/list.sh "$$EX"
next: blanks build/grade ; @sh checker/next.sh
hint: build/grade ; @sh checker/hint.sh "$$EX"
diff: build/grade ; @sh checker/restore.sh diff "$$EX"
reset: build/grade ; @sh checker/restore.sh reset "$$EX"
update: ; @sh checker/update.sh "$$FROM"
watch: ; @sh checker/watch.sh "$(MAKE)" "$$EX"
## make watch EX=12    grade it again whenever its file is saved
## make diff EX=12     what has been changed in its file
## make reset EX=12    the blank again; what was written is kept in .progress
## make update FROM=course.tar.gz    take over a newer edition; no answer is touched
## make blanks         put files here for exercises that have none, or have changed
## make clean          remove what was compiled; what is known of your progress stays

# How the checker is compiled
build/parts/called-%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -include checker/weak.h -c $< -o $@
build/parts/%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -c $< -o $@
build/parts/kit.o: $(CALLED:%=build/parts/called-%)
> @$(CC) -r -nostdlib $^ -o $@
build/grade: $(GRADED:%=build/parts/%)
> @$(CC) $(FLAGS) $^ -lm -o $@
build/parts/compiler: compiler | build/parts
> @echo '$(CC)' | cmp -s - $@ || echo '$(CC)' > $@
build/parts/pattern: build/parts/compiler
> @echo 'int x;' | $(CC) -ftrivial-auto-var-init=pattern -x c -c -o /dev/null - 2>/dev/null && echo -ftrivial-auto-var-init=pattern > $@ || : > $@
build/parts/system: build/parts/compiler
> @CC='$(CC)' sh checker/system.sh > $@
build/parts: | compiler
> @mkdir -p $@
> @echo 'Compiling the checker. That is done once, and takes a few seconds.' >&2
