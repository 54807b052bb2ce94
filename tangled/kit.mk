# generated from chapters/27-exercises.nw by noweb; do not edit
.RECIPEPREFIX = >
CC ?= cc
CFLAGS ?= -O1 -g
FLAGS = -std=gnu11 -DREAL=double -Ichecker $(CFLAGS)
PATTERN := $(shell echo 'int x;' | $(CC) -ftrivial-auto-var-init=pattern -x c -c -o /dev/null - 2>/dev/null && echo -ftrivial-auto-var-init=pattern)
DRIVERS := $(wildcard checker/ex-*.c)
PARTS := $(filter-out checker/grade.c checker/exercise.c checker/stand-ins.c $(DRIVERS),$(wildcard checker/*.c))
OBJECTS := $(patsubst checker/%.c,build/parts/%.o,$(PARTS))
.SECONDARY:
.DELETE_ON_ERROR:

# What the student can ask for
check: build/grade build/parts/exercise.o build/parts/kit.o
> @CC='$(CC)' FLAGS='$(FLAGS) $(PATTERN)' sh checker/answers.sh $(EX)
> @build/grade $(EX)
help: ; @sed -n 's/^## //p' Makefile
hint: ; @test -n "$(EX)" || { echo "make hint EX=12"; exit 2; }; sh checker/hint.sh "$(EX)"
watch: ; @sh checker/watch.sh "$(MAKE)" "$(EX)"
clean: ; rm -rf build
.PHONY: check help hint watch clean
## make check          grade all exercises; writes results.json
## make check EX=12    grade one, and show its solution once it is right
## make hint EX=12     the next hint for one exercise
## make watch EX=12    grade it again whenever its file is saved
## make clean          remove what was compiled

# How the checker is compiled
build/parts/%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -c $< -o $@
build/checker.a: $(OBJECTS)
> @rm -f $@; ar rcs $@ $^
build/parts/kit.o: build/parts/stand-ins.o $(OBJECTS)
> @CC='$(CC)' sh checker/weaken.sh $@ $^
build/grade: build/parts/grade.o build/checker.a
> @$(CC) $(FLAGS) $^ -lm -o $@
build/parts: ; @mkdir -p $@
