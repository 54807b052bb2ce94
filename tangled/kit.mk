# generated from chapters/27-exercises.nw by noweb; do not edit
.RECIPEPREFIX = >
CC ?= cc
CFLAGS ?= -O1 -g
FLAGS = -std=c11 -DREAL=double -Ichecker $(CFLAGS)
ANSWERS := $(wildcard [0-9]*-*.c)
ONLY = $(wildcard $(EX)-*.c 0$(EX)-*.c 00$(EX)-*.c)
PROGRAMS = $(patsubst %.c,build/%,$(if $(EX),$(ONLY),$(ANSWERS)))
DRIVERS := $(wildcard checker/ex-*.c)
PARTS := $(filter-out checker/grade.c checker/exercise.c checker/stand-ins.c $(DRIVERS),$(wildcard checker/*.c))
OBJECTS := $(patsubst checker/%.c,build/parts/%.o,$(PARTS))
.SECONDARY:
.DELETE_ON_ERROR:

# What the student can ask for
check: build/grade $(PROGRAMS) ; @build/grade $(EX)
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

# How an answer is compiled
NAME = $(shell echo $* | sed 's/^[0-9]*-//')
LINK = build/parts/exercise.o build/parts/stand-ins.o build/checker.a -Wl,-z,muldefs -lm
build/%: %.c $(DRIVERS) build/parts/exercise.o build/parts/stand-ins.o build/checker.a
> @timeout 10 $(CC) $(FLAGS) -Wall -Wno-unused -DEXERCISE_FILE='"../$<"' checker/ex-$(NAME).c $(LINK) -o $@ 2> $@.log || rm -f $@

# How the checker is compiled
build/parts/%.o: checker/%.c $(wildcard checker/*.h checker/*.def) | build/parts
> @$(CC) $(FLAGS) -w -c $< -o $@
build/checker.a: $(OBJECTS)
> @rm -f $@; ar rcs $@ $^
build/grade: build/parts/grade.o build/checker.a
> @$(CC) $(FLAGS) $^ -lm -o $@
build/parts: ; @mkdir -p $@
