# rnn: a trainer, and the book it is cut out of.  `make help` lists everything.

VERSION := 0.1
VERSION_DATE := 2026-11-29

# ---------------------------------------------------------------- what make must be
# $(file <...) came with GNU Make 4.2; older ones would go on without it, and build nonsense.
ifneq ($(filter 3.% 4.0% 4.1 4.1.%,$(MAKE_VERSION)),)
$(error this is GNU Make $(MAKE_VERSION), and the book needs 4.2 or later (Homebrew: brew install make, then gmake))
endif

# All scripts read letters and digits as the book's own do: in Turkish, [a-z] has no i.
export LC_ALL := C

# ---------------------------------------------------------------- installing first
# What is there is looked for while this file is read. So goals that install and goals that make are two makes,
# one after the other.
GOALS := $(or $(MAKECMDGOALS),all)
INSTALLING := $(filter deps deps-%,$(GOALS))
MAKING := $(filter-out deps deps-%,$(GOALS))
ifneq ($(and $(INSTALLING),$(MAKING)),)
.PHONY: $(GOALS)
$(firstword $(GOALS)):
	@MAKELEVEL=0 $(MAKE) --no-print-directory -j1 $(INSTALLING)
	@MAKELEVEL=0 $(MAKE) --no-print-directory $(MAKING)
$(filter-out $(firstword $(GOALS)),$(GOALS)): $(firstword $(GOALS)) ; @:
else

# Settings come from the command line. A shell may have exported a SEED or a DEBUG that was meant for others.
SETTINGS := TEXT OUT LOG CELL HIDDEN SEQ BATCH STEPS OPTIMIZER LR SEED THREADS PROMPT LENGTH TEMPERATURE SANITIZE DEBUG DRAFT BUILD AGAINST TURNS TURN KEY STUDENT DIR
ifeq ($(MAKELEVEL)$(MAKE_RESTARTS),0)
$(foreach v,$(SETTINGS),$(if $(filter environment,$(origin $(v))),$(warning \
  $(v) of the environment is not used: make $(v)=...)))
endif

BUILD = build
ifneq ($(words $(BUILD)),1)
$(error BUILD="$(BUILD)": make cannot have blanks in the names of its targets; give a folder without)
endif
BOOK := rnn.nw $(sort $(wildcard chapters/*.nw))

## TEXT: the text to learn, in UTF-8
TEXT = data/hamlet.txt
## OUT: where the best network is kept, and the last beside it
OUT = $(BUILD)/rnn.safetensors
## LOG: the log of a training run, which make train writes and make plot draws
LOG = $(BUILD)/log.tsv
## CELL: rnn, gru or lstm: what the hidden layer is made of
CELL = rnn
## HIDDEN: hidden units
HIDDEN = 128
## SEQ: characters per stream and step
SEQ = 50
## BATCH: streams read side by side; empty for what suits the size of the text
BATCH =
## STEPS: steps of training; empty for ten readings of the text (300 to 5000 steps)
STEPS =
## OPTIMIZER: sgd, adagrad or adam
OPTIMIZER = adam
## LR: learning rate; empty for what suits the optimiser
LR =
## SEED: where chance begins
SEED = 1
## THREADS: processors to use; empty for all
THREADS =
## PROMPT: what a sample continues
PROMPT =
## LENGTH: characters in a sample
LENGTH = 500
## TEMPERATURE: of a sample; 0 is timid, 1 as learned, above is wild
TEMPERATURE = 0.7
## CC: the C compiler
## CFLAGS: its flags, after those that are always given
CFLAGS ?= -O3
## SANITIZE: 1 to build with the address and undefined-behaviour sanitizers
SANITIZE =
## DEBUG: 1 to build for a debugger that shows lines of the book (needs noweb)
DEBUG =
## DRAFT: 1 to weave although a number or a reference is missing
DRAFT =
## BUILD: the folder for everything that is built
## PREFIX: where `make install` puts the program
PREFIX ?= /usr/local
DESTDIR ?=

# The tools of the book itself.
WEAVER := tangled/weaver

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# ---------------------------------------------------------------- tools
# What a goal needs is asked before anything is made. A file is a goal as well, known by its name or its suffix.

TOOLS_TRAIN := cc make
TOOLS_CHECK := $(TOOLS_TRAIN) gsl noweb pandoc perl curl shellcheck
TOOLS_WEAVE := $(TOOLS_CHECK) lualatex poppler
TOOLS_WEB := wasi fonttools npm chromium firefox epubcheck
need = $(foreach goal,$(1),$(eval NEEDS_$(goal) := $(2)))
$(call need,all train sample install rnn,cc)
$(call need,tangle dist bootstrap,noweb)
$(call need,eqcheck .tap,cc gsl noweb pandoc)
$(call need,check,$(TOOLS_CHECK))
$(call need,exercises .json .tsv .done,cc noweb pandoc)
$(call need,figures .svg,cc noweb pandoc gsl perl lualatex poppler)
$(call need,autograder grade-class,cc noweb pandoc perl)
$(call need,pdf student teacher course .pdf .tex,cc noweb pandoc gsl lualatex)
$(call need,html check-web web-measure serve .html,cc noweb pandoc gsl perl lualatex poppler)
$(call need,epub .epub,cc noweb pandoc gsl perl lualatex poppler)
$(call need,check-weave readme,cc noweb pandoc gsl perl lualatex poppler)
$(call need,data,curl)
$(call need,bench sessions,cc perl)
$(call need,plot,perl)

NEEDED := $(sort $(foreach g,$(GOALS),$(or $(NEEDS_$(notdir $(g))),$(NEEDS_$(suffix $(g))),\
  $(if $(filter test-%,$(notdir $(g))),cc gsl) $(if $(filter figure-%,$(g)),$(NEEDS_figures)))))
ifeq ($(MAKELEVEL)$(MAKE_RESTARTS),0)
ifneq ($(and $(NEEDED),$(wildcard $(WEAVER)/deps.sh)),)
ifeq ($(lastword $(shell CC='$(CC)' CPPFLAGS='$(CPPFLAGS)' sh $(WEAVER)/deps.sh ask '$(GOALS)' $(NEEDED))),missing)
$(error nothing was made)
endif
endif
endif

# Goals that need no tangling.
NEEDS_TANGLE :=
QUIET_GOALS := help clean deps deps-train deps-check deps-web data bootstrap plot
ifneq ($(filter-out $(QUIET_GOALS),$(GOALS)),)
NEEDS_TANGLE := 1
endif

# ---------------------------------------------------------------- tangling
# The list of what is tangled is an included makefile, so that make tangles
# first, and then starts over and sees the new files. Without noweb, the
# tangled sources that came with the book are used.

NOTANGLE := $(shell command -v notangle 2>/dev/null)
SOURCE := tangled
ifeq ($(DEBUG),1)
LINED := 1
CFLAGS += -Og -g3
endif
ifeq ($(LINED),1)
SOURCE := $(BUILD)/lined
endif

ifneq ($(NEEDS_TANGLE),)
ifneq ($(NOTANGLE),)
include $(BUILD)/tangled.mk
endif
endif

# Which file belongs to which part of the house, as the headings of the chapters say: FILES_trainer, TESTS_OF_trainer, ...
-include tangled/parts.mk

$(BUILD)/tangled.mk: $(BOOK) | $(WEAVER)/tangle.sh $(WEAVER)/tangle.awk
	@mkdir -p $(@D)
	@$(WEAVER)/tangle.sh tangled $(BOOK)
	@awk 'FNR == 1 { print FILENAME, $$2 }' $(BUILD)/float/*.d $(BUILD)/double/*.d /dev/null 2> /dev/null | \
	  while read -r list source; do test -e "$$source" || rm -f "$$list" "$${list%.d}.o"; done
	@echo "# every root of the book is tangled" > $@
	@rm -rf $(BUILD)/lined

# If the tangler itself is missing, or a mistake in it keeps it from tangling its own correction.
$(WEAVER)/tangle.sh $(WEAVER)/tangle.awk:
	@mkdir -p $(@D)
	notangle -R$(@F) $(BOOK) > $@.new && chmod +x $@.new && mv $@.new $@
bootstrap: ## tangle the tangler with plain notangle, if it is broken
	rm -f $(WEAVER)/tangle.sh $(WEAVER)/tangle.awk
	$(MAKE) $(WEAVER)/tangle.sh $(WEAVER)/tangle.awk BUILD=$(BUILD) QUIET_GOALS='$(QUIET_GOALS) $(WEAVER)/tangle.sh $(WEAVER)/tangle.awk'

ifeq ($(LINED),1)
ifneq ($(NEEDS_TANGLE),)
include $(BUILD)/lined/lined.mk
endif
endif
$(BUILD)/lined/lined.mk: $(BUILD)/tangled.mk
	@TANGLE_LINES=1 $(WEAVER)/tangle.sh $(BUILD)/lined $(BOOK)
	@echo "# with the lines of the book" > $@

# ---------------------------------------------------------------- compiling
# Everything is compiled twice: as float for the trainer, as double for the
# checks. A part sees the headers of those below it, and the trainer its own alone.

BELOW_verifier := trainer
BELOW_exercises := verifier trainer
BELOW_tests := exercises verifier trainer
PROGRAMMED := trainer verifier exercises tests

c_files = $(filter-out ex-%,$(filter %.c,$(FILES_$(1))))
MAINS := $(notdir $(shell grep -l '^int main' $(foreach p,$(PROGRAMMED),tangled/$(p)/*.c) /dev/null 2>/dev/null))
modules = $(filter-out $(MAINS) stand-ins.c,$(call c_files,$(1)))
TRAINER := $(call modules,trainer)
TESTS := $(patsubst %.c,$(BUILD)/%,$(filter test-%,$(MAINS))) $(BUILD)/test-rows-float $(BUILD)/test-single-float $(BUILD)/test-format-float

# Each operation is rounded to its type, on every machine. Old x86 and s390 would keep more digits, other than the rest.
ifneq ($(NEEDS_TANGLE),)
DIGITS := $(shell printf '\043include <float.h>\nFLT_EVAL_METHOD __i386__' | $(CC) -std=c11 $(CFLAGS) -E -P -x c - 2>/dev/null | tail -n 1)
endif
ROUNDING := $(if $(filter-out 0,$(firstword $(DIGITS))),$(if $(filter 1,$(word 2,$(DIGITS))),-msse2 -mfpmath=sse,-fexcess-precision=fast))

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wpedantic
ALWAYS := -std=c11 -ffp-contract=off -fno-math-errno -fno-trapping-math $(ROUNDING) -pthread $(WARNINGS)
SANITIZERS :=
ifeq ($(SANITIZE),1)
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -g
endif
COMPILE = $(CC) $(CPPFLAGS) $(ALWAYS) $(CFLAGS) $(SANITIZERS) -MMD -MP
LINK = $(CC) -pthread $(CFLAGS) $(SANITIZERS) $(LDFLAGS)
LIBRARIES := -lm
GSL := -lgsl -lgslcblas

# Objects depend on the flags they were compiled with (the first line, which tests read as well), and on their source.
define FLAGS
$(CC) $(CPPFLAGS) $(ALWAYS) $(CFLAGS) $(SANITIZERS) $(LDFLAGS)
$(SOURCE) $(VERSION)
endef
ifneq ($(NEEDS_TANGLE),)
ifneq ($(FLAGS),$(file <$(BUILD)/flags))
$(shell mkdir -p $(BUILD))
$(file >$(BUILD)/flags,$(FLAGS))
endif
endif

EX_OUT := $(BUILD)/exercise-kit

# Only the trainer has to be fast; for the rest, less optimisation is less waiting, unless flags were asked for.
LIGHTER := $(if $(filter file,$(origin CFLAGS)),$(if $(DEBUG),,-O1))
flags_of = $(if $(filter-out trainer,$(1)),$(LIGHTER)) $(patsubst %,-I$(SOURCE)/%,$(1) $(BELOW_$(1)))
FLAGS_main := '-DVERSION="$(VERSION)"'
FLAGS_eqcheck := -DEQCHECK_GSL
# What measures the machine may do what the trainer must not.
FLAGS_peak := -O3 -ffp-contract=fast
define compiled
$(BUILD)/float/%.o: $(SOURCE)/$(1)/%.c $(BUILD)/flags | $(BUILD)/float
	$$(COMPILE) $(call flags_of,$(1)) $$(FLAGS_$$*) -c -o $$@ $$<
$(BUILD)/double/%.o: $(SOURCE)/$(1)/%.c $(BUILD)/flags | $(BUILD)/double
	$$(COMPILE) $(call flags_of,$(1)) -DREAL=double $$(FLAGS_$$*) -c -o $$@ $$<
endef
$(foreach p,$(PROGRAMMED),$(eval $(call compiled,$(p))))
$(BUILD)/double/definitions.o: $(BUILD)/definitions.c $(BUILD)/flags | $(BUILD)/double
	$(COMPILE) -c -o $@ $<
$(BUILD)/definitions.c: $(BUILD)/equations.tsv tangled/verifier/definitions.awk
	@awk -f tangled/verifier/definitions.awk $< > $@.new
	@if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi
$(BUILD)/float $(BUILD)/double $(BUILD)/figures $(BUILD)/html:
	@mkdir -p $@

$(BUILD)/rnn: $(patsubst %.c,$(BUILD)/float/%.o,main.c $(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)

# The trainer in double, whose modules with functions for each width are compiled once more; the machine's peak in both, and what a run
# is watched with.
FAST := $(filter $(TRAINER),$(notdir $(shell grep -l EACH_WIDTH tangled/trainer/*.c 2>/dev/null)))
$(BUILD)/double/fast-%.o: $(SOURCE)/trainer/%.c $(BUILD)/flags | $(BUILD)/double
	$(COMPILE) -I$(SOURCE)/trainer -DREAL=double -DFAST -c -o $@ $<
$(BUILD)/rnn-double: $(patsubst %.c,$(BUILD)/double/%.o,main.c $(filter-out $(FAST),$(TRAINER)) $(FAST:%=fast-%))
	$(LINK) -o $@ $^ $(LIBRARIES)
$(BUILD)/peak $(BUILD)/watch: $(BUILD)/%: $(BUILD)/float/%.o
	$(LINK) -o $@ $^
$(BUILD)/logits: $(patsubst %.c,$(BUILD)/float/%.o,logits.c $(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)
$(BUILD)/peak-double: $(BUILD)/double/peak.o
	$(LINK) -o $@ $^
$(BUILD)/needs: $(patsubst %.c,$(BUILD)/float/%.o,needs.c costs.c $(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)
BENCH := $(addprefix $(BUILD)/,rnn rnn-double peak peak-double watch needs)

# The trainer with gates before what the system may refuse.
FALLIBLE := $(shell grep -o '^GATE[^,]*, [a-z_]*' tangled/tests/failing.c 2>/dev/null | sed 's/.* //') fclose clock_gettime pthread_kill
FALLIBLE += $(if $(findstring COVERAGE,$(CPPFLAGS)),_exit)
$(BUILD)/rnn-failing: $(patsubst %.c,$(BUILD)/float/%.o,main.c $(TRAINER) failing.c)
	$(LINK) $(FALLIBLE:%=-Wl,--wrap=%) -o $@ $^ $(LIBRARIES)

CHECKED := $(patsubst %.c,$(BUILD)/double/%.o,$(TRAINER) $(call modules,verifier))
GRADED := $(patsubst %.c,$(BUILD)/double/%.o,$(call modules,exercises))
$(BUILD)/double/modules.a: $(CHECKED)
	@rm -f $@
	ar rcs $@ $^
$(filter %-float,$(TESTS)): $(BUILD)/test-%-float: $(BUILD)/float/test-%.o $(patsubst %.c,$(BUILD)/float/%.o,$(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)
$(filter-out %-float,$(TESTS)): $(BUILD)/%: $(BUILD)/double/%.o $(GRADED) $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(GSL) $(LIBRARIES)
$(BUILD)/test-costs: LDFLAGS += $(patsubst %,-Xlinker --wrap=%,rows_times rows_through rows_outer)
$(BUILD)/eqcheck: $(BUILD)/%: $(BUILD)/double/%.o $(BUILD)/double/definitions.o $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(GSL) $(LIBRARIES)
$(BUILD)/steps $(BUILD)/counts $(BUILD)/example: $(BUILD)/%: $(BUILD)/double/%.o $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(LIBRARIES)
$(BUILD)/vanishing: $(BUILD)/%: $(BUILD)/double/%.o $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(GSL) $(LIBRARIES)

$(BUILD)/gates $(BUILD)/learned: $(BUILD)/%: $(BUILD)/float/%.o $(patsubst %.c,$(BUILD)/float/%.o,$(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)

-include $(wildcard $(BUILD)/float/*.d $(BUILD)/double/*.d)

# ---------------------------------------------------------------- using it

all: $(BUILD)/rnn ## build the trainer (the default)

eqcheck: $(BUILD)/eqcheck ## build the checker alone: equations on standard input, one per line

tangle: ## cut the program out of the book, into tangled/
ifeq ($(NOTANGLE),)
	@echo 'make tangle needs noweb (make deps); tangled/ is as it came' >&2; exit 1
endif

# A prompt or a name may hold quotation marks, dollars and backticks. What was given to make is not
# expanded, and reaches the program through the environment; the shell never reads it as its own text.
given = $(if $(filter file,$(origin $1)),$($1),$(value $1))
train sample: export RNN_TEXT := $(call given,TEXT)
train sample: export RNN_OUT := $(call given,OUT)
train: export RNN_LOG := $(call given,LOG)
train sample: export RNN_PROMPT := $(call given,PROMPT)

train: $(BUILD)/rnn ## train on TEXT, save to OUT, print figures and a sample
	@mkdir -p -- "$$(dirname -- "$$RNN_OUT")"
	$(BUILD)/rnn train --cell $(CELL) --hidden $(HIDDEN) --seq-len $(SEQ) $(if $(BATCH),--batch $(BATCH)) $(if $(STEPS),--steps $(STEPS)) \
	  --optimizer $(OPTIMIZER) $(if $(LR),--lr $(LR)) --seed $(SEED) \
	  $(if $(THREADS),--threads $(THREADS)) --log "$$RNN_LOG" --save "$$RNN_OUT" -- "$$RNN_TEXT"

sample: $(BUILD)/rnn ## let the network in OUT speak (train first)
	@test -e "$$RNN_OUT" || { printf 'there is no %s yet: make train\n' "$$RNN_OUT" >&2; exit 1; }
	@$(BUILD)/rnn sample --load "$$RNN_OUT" --prompt "$$RNN_PROMPT" --length $(LENGTH) \
	  --temperature $(TEMPERATURE)

# ---------------------------------------------------------------- checking

PROGRAMS := $(TESTS) $(BENCH) $(BUILD)/rnn-failing $(BUILD)/counts $(BUILD)/learned $(BUILD)/example $(BUILD)/logits $(if $(filter eqcheck.c,$(MAINS)),$(BUILD)/eqcheck)
# What needs the woven book, or builds it again in a copy, is a matter of check-weave.
WEAVE_SCRIPTS := tests/weave.t tests/editions.t tests/change.t
# What drives a browser is a matter of check-web.
WEB_SCRIPTS := tests/web-verdicts.t tests/epub.t tests/web.t tests/web-firefox.t
# The longest tests go first, so that no core waits for one of them in the end.
LONGEST := $(patsubst %,tests/%.t,exercises build course bits command refused faults own patches spellings torch)
SCRIPTS := $(filter-out $(LONGEST) $(WEAVE_SCRIPTS) $(WEB_SCRIPTS),$(sort $(wildcard tests/*.t)))

check: $(PROGRAMS) $(BUILD)/keymaker $(if $(filter eqcheck.c,$(MAINS)),$(BUILD)/eqcheck.tap) $(EX_OUT)/.tried ## execute every equation and every test
	@perl tangled/tests/mutate.pl data/mutants 0 1 1 $(MUTATED)
	@BUILD='$(BUILD)' CC='$(CC)' ASAN_OPTIONS=allocator_may_return_null=1 tests/run $(LONGEST) $(TESTS) $(SCRIPTS)

# The keys of the exercises, if their solutions allow it; else a test shows what was said.
$(EX_OUT)/.tried: $(BUILD)/book.json $(BUILD)/keymaker
	@$(MAKE) --no-print-directory $(EX_OUT)/.done 2> $(EX_OUT).log || true

check-weave: pdf html student teacher $(BUILD)/student-edition.json $(BUILD)/teacher-edition.json ## look for what was lost, and for what must not be shown, in PDF and HTML
	@BUILD='$(BUILD)' tests/run $(WEAVE_SCRIPTS)

check-web: $(BUILD)/html/index.html $(BUILD)/rnn.epub $(BUILD)/eqcheck ## drive the pages in a browser, look into the EPUB, and compare their verdicts with the programs' (after make deps-web)
	@test -n '$(LIVE)' || { echo 'check-web: the pages do not answer: make deps-web first' >&2; exit 1; }
	@BUILD='$(BUILD)' tests/run $(WEB_SCRIPTS)

web-measure: $(BUILD)/html/index.html ## measure what the pages cost; the table goes to data/
	BUILD='$(BUILD)' tests/web-measure > $(BUILD)/web.tsv && cp $(BUILD)/web.tsv data/
## PORT: where make serve serves
PORT = 8000
serve: $(BUILD)/html/index.html ## serve the pages to this machine alone, on PORT
	@perl tangled/web/serve.pl $(BUILD)/html $(PORT)

# The checker is run once; its report is kept for the tests, its verdicts for the book.
$(BUILD)/eqcheck.tap: $(BUILD)/eqcheck $(BUILD)/equations.tsv $(BUILD)/formulas.tsv
	$(BUILD)/eqcheck --equations $(BUILD)/equations.tsv --formulas $(BUILD)/formulas.tsv --ledger $(BUILD)/ledger.tsv \
	  --shapes $(BUILD)/shapes.tsv --errata $(BUILD)/errata.tsv \
	  --summary $(BUILD)/summary.tsv --wrong $(BUILD)/wrong.tsv > $@; test $$? -le 1
VERDICTS := $(addprefix $(BUILD)/,ledger.tsv shapes.tsv errata.tsv summary.tsv wrong.tsv)
$(VERDICTS): $(BUILD)/eqcheck.tap ;

$(BUILD)/steps.tsv: $(BUILD)/steps
	$(BUILD)/steps $(BUILD)/steps.tsv $(BUILD)/steps-best.tsv
$(BUILD)/steps-best.tsv: $(BUILD)/steps.tsv ;

# How far gradients reach, what clipping does, and what a cut costs: five tables in one run.
$(BUILD)/vanishing-reach.tsv: $(BUILD)/vanishing data/hamlet.txt
	$(BUILD)/vanishing data/hamlet.txt $(BUILD)/vanishing
$(patsubst %,$(BUILD)/vanishing-%.tsv,networks cut clip runs): $(BUILD)/vanishing-reach.tsv ;

# How far an error comes back through each cell.
$(BUILD)/gates-reach.tsv: $(BUILD)/gates data/hamlet.txt
	$(BUILD)/gates data/hamlet.txt $(BUILD)/gates
$(BUILD)/gates-networks.tsv: $(BUILD)/gates-reach.tsv ;

# One example with digits, from the first state to the gradients.
$(BUILD)/example-all.tsv: $(BUILD)/example
	$(BUILD)/example $(BUILD)/example
$(patsubst %,$(BUILD)/example-%.tsv,forward loss time output hidden step): $(BUILD)/example-all.tsv ;

# Of what was tried, the learning rates.
$(BUILD)/rates.tsv: $(BUILD)/program-tried.tsv
	awk -F '\t' -v OFS='\t' 'NR == 1 { print "rate", "bits", "least", "most" } $$1 ~ /^a rate of / { sub(/.* /, "", $$1); print $$1, $$2, $$3, $$4 } \
	  $$1 == "the defaults" { at_default = $$2 OFS $$3 OFS $$4 } END { print "0.0125", at_default }' $< | sort -g > $@.new && mv $@.new $@

# What the network of make train learned: all tables of the chapter in one run.
$(BUILD)/learned-runs.tsv: $(BUILD)/learned data/hamlet.txt
	$(BUILD)/learned data/hamlet.txt $(BUILD)/learned 10
LEARNED := $(addsuffix .tsv,adam adagrad sgd long plane between kinds places orders spans units) moments.txt temperatures.txt units.tikz
$(LEARNED:%=$(BUILD)/learned-%): $(BUILD)/learned-runs.tsv ;

# What count tables are worth on the book's text, and the network of make train.
$(BUILD)/counts.tsv: $(BUILD)/counts data/hamlet.txt
	$(BUILD)/counts data/hamlet.txt > $@.new && mv $@.new $@
$(BUILD)/hamlet.tsv: $(BUILD)/rnn data/hamlet.txt
	$(BUILD)/rnn train --log $@.log --save $(BUILD)/hamlet.safetensors data/hamlet.txt > $@.out 2>&1
	awk -F '\t' 'NR > 1 { end = $$4; last = $$1; if (!best || $$4 < best) { best = $$4; at = $$1 } } \
	  END { printf "when\tbits\tstep\nbest\t%s\t%s\nend\t%s\t%s\n", best, at, end, last }' $@.log > $@.new && mv $@.new $@
$(BUILD)/hamlet.safetensors: $(BUILD)/hamlet.tsv
	@test -e $@ || { rm -f $<; $(MAKE) --no-print-directory $<; }

# What was tried before the defaults became what they are.
$(BUILD)/rnn-tried: $(patsubst %.c,$(BUILD)/float/%.o,main.c $(TRAINER) tried.c)
	$(LINK) -Wl,--wrap=learner_start -Wl,--wrap=descent_cosine -o $@ $^ $(LIBRARIES)
tried: $(BUILD)/rnn-tried ## train with one choice after the other, and tell what the defaults are worth
	sh tangled/tests/tried.sh $(BUILD)/rnn-tried data/hamlet.txt data/tinyshakespeare.txt > $(BUILD)/tried.tsv && cp $(BUILD)/tried.tsv data/

# The three cells on the long text, side by side.
cells: $(BUILD)/rnn ## train the three cells on tiny Shakespeare, and keep how well they did
	sh tangled/tests/cells.sh $(BUILD)/rnn data/tinyshakespeare.txt $(BUILD)/cells && \
	  cp $(BUILD)/cells.tsv $(BUILD)/cells-rnn.tsv $(BUILD)/cells-gru.tsv $(BUILD)/cells-lstm.tsv $(BUILD)/cells-decay.tsv data/

# ---- the checks themselves: does a damaged program go unnoticed, does a line go unrun?

## MUTANTS: changes that make mutants makes
MUTANTS ?= 500
JOBS ?= 2
ONLY ?=
TRAINER_TESTS := $(TESTS_OF_trainer) $(TESTS_OF_tests) test-rows-float
TRAINER_SCRIPTS := $(notdir $(shell grep -l '^rnn=\|^my \$$rnn = ' tests/*.t /dev/null 2>/dev/null))
MUTATED := main.c $(TRAINER) lanes.h -- $(TRAINER_TESTS) $(TRAINER_SCRIPTS)
UNCHANGED := $(BUILD)/mutants

mutants: $(BUILD)/flags ## change the trainer in MUTANTS places, one at a time: the tests must notice
	@$(MAKE) --no-print-directory BUILD=$(UNCHANGED) LINED=1 CFLAGS=-O1 SANITIZE= $(UNCHANGED)/rnn $(UNCHANGED)/rnn-failing \
	  $(TRAINER_TESTS:%=$(UNCHANGED)/%) > $(UNCHANGED).log 2>&1 || { cat $(UNCHANGED).log >&2; exit 1; }
	@VERSION='$(VERSION)' WRAP='$(FALLIBLE:%=-Wl,--wrap=%)' ONLY='$(ONLY)' perl tangled/tests/mutate.pl $(UNCHANGED) $(MUTANTS) $(SEED) $(JOBS) $(MUTATED); \
	  status=$$?; $(if $(ONLY)$(filter-out 500,$(MUTANTS))$(filter-out 1,$(SEED)),,cp $(UNCHANGED).tsv $(UNCHANGED)-run.tsv data/;) exit $$status
$(BUILD)/program-%.tsv: data/%.tsv
	@cp $< $@

coverage: ## count the lines and branches of the book that the tests run
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/coverage LINED=1 CFLAGS='-O0 --coverage' CPPFLAGS=-DCOVERAGE SANITIZE= covered
	perl tangled/tests/cover.pl $(BUILD)/coverage
covered: $(PROGRAMS)
	rm -f $(BUILD)/float/*.gcda $(BUILD)/double/*.gcda
	cp $(BUILD)/rnn-failing $(BUILD)/rnn
	BUILD='$(BUILD)' tests/run $(TESTS) $(TRAINER_SCRIPTS:%=tests/%) || true

# ---------------------------------------------------------------- weaving
# One reading of the book makes book.json, from which every output is set, and
# equations.tsv, from which the checker works.

NOWEB_LIB = $(shell sed -n 's/^LIB=//p' $(NOTANGLE))
WEAVE := $(WEAVER)/weave.lua
REFERENCES := data/references.bib
$(BUILD)/book.json: $(BOOK) $(WEAVE) $(REFERENCES) Makefile
	@mkdir -p $(@D)
	@PATH="$$PATH:$(NOWEB_LIB)"; \
	markup $(BOOK) > $(BUILD)/book.markup && \
	finduses < $(BUILD)/book.markup > $(BUILD)/book.uses && \
	noidx < $(BUILD)/book.uses > $(BUILD)/book.noweb && \
	BUILD='$(BUILD)' DRAFT='$(DRAFT)' pandoc -f $(WEAVE) --citeproc --bibliography $(REFERENCES) -M link-citations=true --fail-if-warnings \
	  -t json -o $@ $(BUILD)/book.noweb
$(BUILD)/equations.tsv $(BUILD)/formulas.tsv $(BUILD)/numbers.tsv: $(BUILD)/book.json ;

# How much is said.
$(BUILD)/words.tsv: $(BOOK) $(WEAVER)/words.awk
	@mkdir -p $(@D)
	@awk -f $(WEAVER)/words.awk $(BOOK) > $@.new && mv $@.new $@
words: $(BUILD)/words.tsv ## count the words of prose for each chunk, by chapter
	@cat $<

# Measured numbers and figures that the book asks for.
MEASURED := $(patsubst build/%,$(BUILD)/%,$(sort $(shell sed -n 's/.*file="\(build\/[^"]*\)".*/\1/p' $(BOOK))))
MEASURED += $(if $(filter eqcheck.c,$(MAINS)),$(VERDICTS))
FIGURES := $(patsubst figures/%.tex,%,$(wildcard figures/*.tex))
FIGURE_PDF := $(FIGURES:%=$(BUILD)/figures/%.pdf)
FIGURE_SVG := $(FIGURES:%=$(BUILD)/figures/%.svg)
# The editions of the book. None is made before its answers have been executed.
PAGES := $(BUILD)/book.json tangled/exercises/exercises.lua $(EX_OUT)/.done $(WEAVER)/page.lua $(MEASURED) $(BUILD)/figures.tsv
EDITION = book
EDITED = --lua-filter tangled/exercises/exercises.lua -M edition=$(EDITION) -M shapes=$(EX_OUT)/shapes.tsv
PANDOC = BUILD='$(BUILD)' DRAFT='$(DRAFT)' pandoc -f json --wrap=preserve $(EDITED) --lua-filter $(WEAVER)/page.lua

# The modules and their includes, as TikZ draws them. What comes out the same keeps its date.
HOUSE := $(foreach p,$(PROGRAMMED) web weaver,$(patsubst %,tangled/$(p)/%,$(filter-out ex-%,$(if $(filter weaver,$(p)),$(FILES_$(p)),\
  $(filter %.c %.h %.def,$(FILES_$(p)))))))
$(BUILD)/modules.done: $(HOUSE) $(WEAVER)/modules.awk
	@mkdir -p $(@D)
	@awk -f $(WEAVER)/modules.awk $(HOUSE) > $@.new
	@cmp -s $@.new $(BUILD)/modules.tikz || cp $@.new $(BUILD)/modules.tikz
	@mv $@.new $@
$(BUILD)/modules.tikz: $(BUILD)/modules.done ;

define figure_data
DATA_OF_$(1) := $(patsubst build/%,%,$(shell grep -Eo 'build/[A-Za-z0-9-]*\.(tsv|tikz)' figures/$(1).tex | sort -u))
$(BUILD)/figures/$(1).pdf: $$(addprefix $(BUILD)/,$$(DATA_OF_$(1)))
endef
$(foreach f,$(FIGURES),$(eval $(call figure_data,$(f))))

# A figure is drawn by make figure-NAME. What takes long to measure is kept in data/, by a goal of its own.
$(FIGURES:%=figure-%): figure-%: $(BUILD)/figures/%.pdf $(BUILD)/figures/%.svg
KEPT_bench := program-bench%
KEPT_cells := program-cells%
KEPT_mutants := program-mutants%
KEPT_tried := program-tried% rates.tsv
COMMA := ,
commands_of = $(subst $(COMMA) ,$(COMMA),$(strip $(foreach goal,bench cells mutants tried,$(if $(filter $(KEPT_$(goal)),$(DATA_OF_$(1))),make $(goal)$(COMMA))) make figure-$(1)))
$(BUILD)/figures.tsv: Makefile $(FIGURES:%=figures/%.tex)
	@mkdir -p $(@D)
	@{ printf 'figure\tcommands\n'; $(foreach f,$(FIGURES),printf '%s\t%s\n' '$(f)' '$(call commands_of,$(f))';) } > $@.new && mv $@.new $@
$(BUILD)/figures/%.pdf: figures/%.tex figures/house.sty | $(BUILD)/figures
	@sed 's|build/|$(BUILD)/|g' $< > $(BUILD)/figures/$*.tex
	lualatex --interaction=nonstopmode --halt-on-error --output-directory=$(@D) \
	  $(BUILD)/figures/$*.tex > $(BUILD)/figures/$*.out || { cat $(BUILD)/figures/$*.out >&2; exit 1; }
$(BUILD)/figures/%.svg: $(BUILD)/figures/%.pdf tangled/web/slim.pl
	pdftocairo -svg $< $@.new && perl tangled/web/slim.pl < $@.new > $@
	@rm $@.new

figures: $(FIGURE_PDF) $(FIGURE_SVG) ## draw the figures; one alone, make figure-NAME

pdf: $(BUILD)/rnn-1.pdf $(BUILD)/rnn-2.pdf ## weave the book as PDF, in two volumes
student: $(BUILD)/rnn-student.pdf ## weave the first volume with blanks to write in, and no solutions
teacher: $(BUILD)/rnn-teacher.pdf ## weave the first volume with the solution of each exercise in place
# The day of the last change to what the book is made of, if git knows it.
BOOK_DATE = $(or $(shell git log -1 --format=%cs -- $(BOOK) figures 2> /dev/null),$(VERSION_DATE))
define edition
$(BUILD)/$(1).tex: EDITION = $(2)
$(BUILD)/$(1).tex: $(PAGES) $(WEAVER)/book.latex
	$$(PANDOC) -M volume=$(3) $(4:%=-M other=%) -M version=$(VERSION) -M date=$$(BOOK_DATE) -t latex --template $(WEAVER)/book.latex --top-level-division=chapter -o $$@ $$<
endef
$(eval $(call edition,rnn-1,book,1,rnn-2))
$(eval $(call edition,rnn-2,book,2,rnn-1))
$(eval $(call edition,rnn-student,student,1))
$(eval $(call edition,rnn-teacher,teacher,1))
# The volumes refer to each other, and are set together.
$(BUILD)/rnn-1.pdf: $(BUILD)/rnn-1.tex $(BUILD)/rnn-2.tex $(WEAVER)/typeset.sh $(FIGURE_PDF)
	sh $(WEAVER)/typeset.sh $(filter %.tex,$^)
	@touch $@
$(BUILD)/rnn-2.pdf: $(BUILD)/rnn-1.pdf
	@touch $@
$(BUILD)/rnn-student.pdf $(BUILD)/rnn-teacher.pdf: %.pdf: %.tex $(WEAVER)/typeset.sh $(FIGURE_PDF)
	sh $(WEAVER)/typeset.sh $<
	@touch $@

# ---------------------------------------------------------------- the book in a browser
# The checker and the grader, compiled once more, for a page. Who lacks what that needs gets the same pages without it.

WEB := $(BUILD)/web
PACKAGES := $(WEB)/packages
TEMML = $(firstword $(wildcard $(PACKAGES)/temml-*))
WASM_CC = clang
ifneq ($(filter html check-web web-measure serve %.html $(BUILD)/web/%,$(GOALS)),)
MATHS := $(shell command -v pyftsubset > /dev/null && echo $(WEB)/book-mathematics.woff2)
LIVE := $(if $(TEMML),$(shell mkdir -p $(WEB) && echo 'int main(void) { return 0; }' | \
  $(WASM_CC) --target=wasm32-wasi -x c -o $(WEB)/probe.wasm - 2> /dev/null && echo live))
endif
SHELL_OF_SITE := $(WEAVER)/book.css $(WEAVER)/look.js $(WEAVER)/icon.svg tangled/web/site.css tangled/web/book.js
SITE := $(WEAVER)/page.html $(SHELL_OF_SITE) $(addprefix tangled/web/,search.html try.html progress.html speak.html) $(MATHS) $(if $(LIVE),$(WEB)/live/.done)

WASI = $(WASM_CC) --target=wasm32-wasi -std=c11 -Os -ffp-contract=off -fno-math-errno -Wno-deprecated-declarations -D_WASI_EMULATED_SIGNAL \
  -include tangled/web/wasi-gaps.h -I$(WEB)/include -MMD -MP
wasi_modules = $(foreach p,$(1),$(filter-out $(2),$(call modules,$(p)))) wasi-gaps.c
CHECKER_WASM := $(call wasi_modules,trainer verifier exercises,witness.c fuzz-eqcheck.c exercise.c sandbox.c) eqcheck.c grade.c record.c programs.c definitions.c
define compiled_wasi
$(WEB)/double/%.o: tangled/$(1)/%.c | $(WEB)/include/.done $(WEB)/double
	$$(WASI) $(patsubst %,-I$(SOURCE)/%,exercises verifier trainer) -DREAL=double $$(if $$(filter eqcheck grade record,$$*),-Dmain=$$*_main) -c -o $$@ $$<
endef
$(foreach p,$(PROGRAMMED) web,$(eval $(call compiled_wasi,$(p))))
$(WEB)/double/definitions.o: $(BUILD)/definitions.c | $(WEB)/include/.done $(WEB)/double
	$(WASI) -c -o $@ $<
$(WEB)/include/.done: tangled/web/wasi-pthread.h tangled/web/wasi-wait.h
	@mkdir -p $(WEB)/include/sys
	@cp tangled/web/wasi-pthread.h $(WEB)/include/pthread.h
	@cp tangled/web/wasi-wait.h $(WEB)/include/sys/wait.h
	@touch $@
$(addprefix $(WEB)/,float double live):
	@mkdir -p $@
$(WEB)/checker.wasm: $(patsubst %.c,$(WEB)/double/%.o,$(CHECKER_WASM))
	$(WASM_CC) --target=wasm32-wasi -Wl,-z,stack-size=1048576 -Wl,--strip-all -o $@ $^ -lwasi-emulated-signal -lm
-include $(wildcard $(WEB)/double/*.d)

# The trainer in float, with a door for the page, and the network of make train.
VOICE_WASM := $(call wasi_modules,trainer) voice.c
$(WEB)/float/%.o: tangled/trainer/%.c | $(WEB)/include/.done $(WEB)/float
	$(WASI) -O3 -msimd128 -Itangled/exercises -Itangled/trainer -c -o $@ $<
$(WEB)/float/%.o: tangled/web/%.c | $(WEB)/include/.done $(WEB)/float
	$(WASI) -O3 -msimd128 -Itangled/exercises -Itangled/trainer -c -o $@ $<
$(WEB)/voice.wasm: $(patsubst %.c,$(WEB)/float/%.o,$(VOICE_WASM))
	$(WASM_CC) --target=wasm32-wasi -mexec-model=reactor -Wl,-z,stack-size=1048576 -Wl,--strip-all -o $@ $^ -lwasi-emulated-signal -lm
-include $(wildcard $(WEB)/float/*.d)
$(WEB)/network-only: tangled/web/network-only.c $(patsubst %.c,$(BUILD)/float/%.o,$(TRAINER))
	@mkdir -p $(WEB)
	$(filter-out -MMD -MP,$(COMPILE)) -Itangled/trainer -o $@ $^ $(LIBRARIES)
# The network for the page, and what it costs to halve its weights.
$(BUILD)/halves.tsv: $(WEB)/network-only $(BUILD)/hamlet.safetensors data/hamlet.txt
	$^ $(WEB)/network.safetensors > $@.new && mv $@.new $@
$(WEB)/network.safetensors: $(BUILD)/halves.tsv
	@test -e $@ || { rm -f $<; $(MAKE) --no-print-directory $<; }
$(WEB)/live/voice.js: $(WEB)/voice.wasm tangled/web/pack.sh tangled/web/system.js tangled/web/voice-worker.js | $(WEB)/live
	sh tangled/web/pack.sh voice $< tangled/web/system.js tangled/web/voice-worker.js > $@.new && mv $@.new $@
$(WEB)/live/network.js: $(WEB)/network.safetensors tangled/web/pack-file.sh | $(WEB)/live
	sh tangled/web/pack-file.sh network $< > $@.new && mv $@.new $@

# The letters and signs of mathematics, out of TeX's font, with its table for formulas.
MATHS_FONT = $(shell kpsewhich texgyrepagella-math.otf)
MATHS_LICENCE = $(WEB)/GUST-FONT-LICENSE.txt
$(WEB)/book-mathematics.woff2: tangled/web/mathematics-font.sh
	@mkdir -p $(WEB)
	sh tangled/web/mathematics-font.sh '$(MATHS_FONT)' $@ $(MATHS_LICENCE)

$(WEB)/live/checker.js: $(WEB)/checker.wasm tangled/web/pack.sh tangled/web/system.js tangled/web/worker.js | $(WEB)/live
	sh tangled/web/pack.sh checker $< tangled/web/system.js tangled/web/worker.js > $@.new && mv $@.new $@
$(WEB)/live/mistakes.js: $(BUILD)/wrong.tsv tangled/web/mistakes.awk | $(WEB)/live
	awk -f tangled/web/mistakes.awk $< > $@.new && mv $@.new $@
$(WEB)/live/exercises.js: $(EX_OUT)/.texts $(EX_OUT)/.tables tangled/web/exercises.awk | $(WEB)/live
	awk -v kit=$(EX_OUT)/kit -f tangled/web/exercises.awk $(EX_OUT)/list.tsv > $@.new && mv $@.new $@
$(WEB)/keys.done: $(EX_OUT)/.done tangled/web/keys.sh | $(WEB)/live
	sh tangled/web/keys.sh $(EX_OUT)/kit/key $(WEB)/live/keys
	@touch $@
$(WEB)/live/.done: $(addprefix $(WEB)/live/,checker.js mistakes.js exercises.js voice.js network.js) $(WEB)/keys.done $(TEMML)/package.json
	@cp $(TEMML)/dist/temml.min.js $(WEB)/live/temml.js
	@cp $(TEMML)/LICENSE $(WEB)/live/temml-LICENSE.txt
	@touch $@

html: $(BUILD)/html/index.html ## weave the book as HTML, a page for each chapter; alive after make deps-web
$(BUILD)/html/index.html: $(PAGES) $(WEAVER)/site.lua $(WEAVER)/polish.lua $(FIGURE_SVG) $(SITE) | $(BUILD)/html
	@rm -rf $(BUILD)/html/*
	@mkdir -p $(BUILD)/html/figures
	@cp $(FIGURE_SVG) $(BUILD)/html/figures/
	@cp $(SHELL_OF_SITE) $(BUILD)/html/
	$(if $(MATHS),@mkdir -p $(BUILD)/html/fonts && cp $(MATHS) $(MATHS_LICENCE) $(BUILD)/html/fonts/)
	$(if $(LIVE),@cp -R $(WEB)/live $(BUILD)/html/ && rm $(BUILD)/html/live/.done,@echo 'html: without the parts that answer, for there is no clang for wasm32-wasi, or no package: make deps-web')
	LIVE='$(LIVE)' $(PANDOC) --lua-filter $(WEAVER)/site.lua -t html5 --mathml -o $@ $<

epub: $(BUILD)/rnn.epub ## weave the book as EPUB
EPUB_ID = urn:uuid:6c1f0c5e-2b0a-5d0e-9a57-524e4e424f4f
$(BUILD)/rnn.epub: $(PAGES) $(WEAVER)/book.css $(WEAVER)/polish.lua $(WEAVER)/epub.pl $(FIGURE_SVG)
	$(PANDOC) -t epub3 --mathml --css $(WEAVER)/book.css --toc --toc-depth=3 --epub-chapter-level=3 \
	  -M identifier=$(EPUB_ID) -M date=$(VERSION_DATE) --resource-path=.:$(BUILD) -o $(BUILD)/rnn-raw.epub $<
	perl $(WEAVER)/epub.pl $(BUILD)/rnn-raw.epub $@ $(VERSION_DATE)

# ---------------------------------------------------------------- exercises
# The blanks, their key and the kit come out of book.json; the folder exercises/ is the student's.

EX_KIT    := $(EX_OUT)/kit

exercises: $(EX_OUT)/.done $(EX_OUT)/.texts ## write exercises/, a folder with blanks to fill in
	sh tangled/exercises/hand-out.sh $(EX_KIT) exercises

COURSE := $(BUILD)/course
course: $(EX_OUT)/.done $(EX_OUT)/.texts $(BUILD)/rnn-student.pdf ## pack the exercises and the student's book: build/course.tar.gz
	@$(call DRAW,$(STUDENT))
	@rm -rf $(COURSE) && mkdir -p $(COURSE)
	@cp -R $(DRAWN) $(COURSE)/exercises
	@cp $(BUILD)/rnn-student.pdf $(COURSE)/back-through-time.pdf
	@owner='--uid=0 --gid=0'; if tar --version | grep -q GNU; then owner='--owner=0 --group=0'; fi; \
	  tar -C $(COURSE) $$owner -czf $(COURSE)$(STUDENT_NAME).tar.gz exercises back-through-time.pdf
	@rm -rf $(COURSE)
	@echo $(COURSE)$(STUDENT_NAME).tar.gz

## KEY: a word from which the numbers of the exercises are drawn; empty for the usual ones
KEY =
## STUDENT: whose kit it is, if every student is to have other numbers
STUDENT =
# The keys of a word are made beside the usual ones. The grading kit has others than the students'.
DRAW = $(if $(KEY),sh tangled/exercises/draw.sh $(BUILD)/keymaker $(BUILD)/equations.tsv $(EX_OUT) $(BUILD)/drawn '$(subst ','\'',$(KEY)) $(1)')
DRAWN = $(if $(KEY),$(BUILD)/drawn/kit,$(EX_KIT))
STUDENT_NAME = $(if $(STUDENT),-$(STUDENT))

AUTOGRADER := $(BUILD)/autograder
autograder: $(EX_OUT)/.done $(EX_OUT)/.texts ## pack a grader for Gradescope: build/autograder.zip
	@$(call DRAW,the grader)
	@rm -rf $(AUTOGRADER) $(AUTOGRADER).zip && mkdir -p $(AUTOGRADER)
	@cp -R $(DRAWN) $(AUTOGRADER)/kit && rm -rf $(AUTOGRADER)/kit/hints
	@for file in setup.sh assess.pl; do cp tangled/exercises/$$file $(AUTOGRADER)/; done
	@cp tangled/exercises/run-autograder.sh $(AUTOGRADER)/run_autograder && cp tangled/exercises/settings.sh $(AUTOGRADER)/settings
	@chmod 755 $(AUTOGRADER)/setup.sh $(AUTOGRADER)/run_autograder
	@perl tangled/exercises/pack-zip.pl $(AUTOGRADER).zip $(AUTOGRADER)
	@rm -rf $(AUTOGRADER)
	@echo $(AUTOGRADER).zip

## DIR: the folder with what a class has handed in, an entry for each student
DIR = submissions
CLASS := $(BUILD)/class
grade-class: $(EX_OUT)/.done $(EX_OUT)/.texts ## grade what a class has handed in, all that is in DIR: scores, mistakes and a page in build/class
	@test -d '$(subst ','\'',$(DIR))' || { printf '%s\n' 'There is no folder $(subst ','\'',$(DIR)): make grade-class DIR=...' >&2; exit 1; }
	@$(call DRAW,the grader)
	@rm -rf $(CLASS) $(CLASS).kit && mkdir -p $(CLASS) && cp -R $(DRAWN) $(CLASS).kit
	@env -u MAKEFLAGS -u MAKELEVEL $(MAKE) -s -C $(CLASS).kit ready CC='$(CC)' CFLAGS=-O1
	@perl tangled/exercises/grade-class.pl $(CLASS).kit '$(subst ','\'',$(DIR))' $(CLASS) $(EX_OUT) tangled/verifier/misconceptions.def '$(CC)'
	@pandoc -s --mathml -f markdown -t html5 -o $(CLASS)/lecture.html $(CLASS)/lecture.md

$(BUILD)/keymaker: $(BUILD)/double/keymaker.o $(GRADED) $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(LIBRARIES)

# Texts, blanks, versions of the code, and the kit's sources, out of the book. They are written beside the old ones,
# and what is equal keeps its date: a word in a chapter need not compile five hundred programs.
EX_NEW := $(BUILD)/exercise-kit.new
KIT_SCRIPTS := $(addprefix tangled/exercises/,answers.sh compile.sh hand-out.sh hint.sh lay-out.sh list.sh next.sh rescue.sh restore.sh system.sh update.sh watch.sh)
$(EX_OUT)/.written: $(BUILD)/book.json tangled/exercises/exercises.lua $(wildcard tangled/exercises/kit.mk $(KIT_SCRIPTS) tangled/exercises/kit-README.md tangled/exercises/ways.txt tangled/exercises/tasks.json)
	rm -rf $(EX_NEW)
	mkdir -p $(EX_OUT)/kit/key $(addprefix $(EX_NEW)/,code envelopes kit/blank kit/checker kit/hints)
	pandoc -f json -t json --lua-filter tangled/exercises/exercises.lua -M edition=kit -M out=$(EX_NEW) $(BUILD)/book.json -o $(EX_NEW)/empty.json
	awk '/generated from/ { next } { sub(/^> /, "\t"); print }' tangled/exercises/kit.mk > $(EX_NEW)/kit/Makefile
	awk -F ' [|] ' '/generated from/ { next } FNR == NR { if (NF == 3) ways = ways "    " $$1 "\n        " $$2 "\n        " $$3 "\n"; next } \
	  /^@ways@$$/ { printf "%s", ways; next } { print }' tangled/exercises/ways.txt tangled/exercises/kit-README.md > $(EX_NEW)/kit/README.md
	cp $(KIT_SCRIPTS) $(EX_NEW)/kit/checker/
	sed '/generated from/d' tangled/exercises/tasks.json > $(EX_NEW)/kit/checker/tasks.json
	for f in $(EX_NEW)/code/*-blank.c; do cp $$f $(EX_NEW)/kit/blank/$$(basename $$f -blank.c).c; done
	cd $(EX_NEW)/kit && cksum blank/* Makefile README.md > sums
	sh $(WEAVER)/renew.sh $(EX_NEW) $(EX_OUT) .code code kit/checker called.txt
	sh $(WEAVER)/renew.sh $(EX_NEW) $(EX_OUT) .tables list.tsv variants.tsv wrong-formulas.tsv envelopes
	sh $(WEAVER)/renew.sh $(EX_NEW) $(EX_OUT) .texts kit kit/hints kit/blank
	rm -rf $(EX_NEW)
	touch $@
$(addprefix $(EX_OUT)/,.code .tables .texts): $(EX_OUT)/.written ;

# Every version of the code with its driver; one that does not compile is left out.
$(EX_OUT)/versions: $(EX_OUT)/.code tangled/exercises/compile-versions.sh
	rm -f $(EX_OUT)/.done
	sh tangled/exercises/compile-versions.sh $(EX_OUT) $(BUILD)/exercise-cache "$(CC)"
	touch $@

# The numbers. Where a solution fails, there is no .done: no edition can be made, and make check says why.
$(EX_OUT)/.done: $(EX_OUT)/versions $(EX_OUT)/.tables $(BUILD)/keymaker $(BUILD)/equations.tsv
	rm -f $@
	rm -f $(EX_KIT)/key/*
	$(BUILD)/keymaker $(EX_OUT) $(BUILD)/equations.tsv
	touch $@

# The editions as documents, for the test of what they show.
$(BUILD)/%-edition.json: EDITION = $*
$(BUILD)/%-edition.json: $(BUILD)/book.json tangled/exercises/exercises.lua $(EX_OUT)/.done
	pandoc -f json -t json $(EDITED) $< -o $@

.PHONY: exercises course autograder grade-class student teacher

# ---------------------------------------------------------------- the rest

DATA_URL = https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
DATA_SUM := 86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed
DATA = data
data: $(DATA)/tinyshakespeare.txt ## fetch tiny Shakespeare from DATA_URL, and check its sum
$(DATA)/tinyshakespeare.txt:
	@mkdir -p $(@D)
	@rm -f $@.part
	curl --fail --silent --show-error --location -o $@.part '$(DATA_URL)' || { rm -f $@.part; exit 1; }
	@sum=sha256sum; command -v sha256sum > /dev/null || sum='shasum -a 256'; \
	test "$$($$sum < $@.part | cut -d ' ' -f 1)" = $(DATA_SUM) || \
	  { rm -f $@.part; echo '$(DATA_URL) is not the text that was expected: nothing kept' >&2; exit 1; }
	@mv $@.part $@

deps: ## install what the book needs (Debian, Ubuntu; elsewhere it says what)
	@sh $(WEAVER)/deps.sh install $(TOOLS_WEAVE)
deps-check: ## install only what training and checking need
	@sh $(WEAVER)/deps.sh install $(TOOLS_CHECK)
deps-train: ## install only what training needs
	@sh $(WEAVER)/deps.sh install $(TOOLS_TRAIN)
deps-web: ## install what pages that answer need besides, and fetch three packages from npm into build/
	@sh $(WEAVER)/deps.sh install $(TOOLS_WEB)
	@sh tangled/web/packages.sh tangled/web/packages.tsv $(PACKAGES)

SHARE = $(DESTDIR)$(PREFIX)/share
install: $(BUILD)/rnn ## install rnn under PREFIX, with a page for man, and completions for bash and zsh
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(SHARE)/man/man1' '$(SHARE)/bash-completion/completions' '$(SHARE)/zsh/site-functions'
	install -m 755 $(BUILD)/rnn '$(DESTDIR)$(PREFIX)/bin/rnn'
	$(BUILD)/rnn manual > '$(SHARE)/man/man1/rnn.1'
	$(BUILD)/rnn manual --for bash > '$(SHARE)/bash-completion/completions/rnn'
	$(BUILD)/rnn manual --for zsh > '$(SHARE)/zsh/site-functions/_rnn'

DIST := rnn-$(VERSION)
dist: tangle ## pack the sources into build/rnn-VERSION.tar.gz
	@rm -rf $(BUILD)/$(DIST) && mkdir -p $(BUILD)/$(DIST)
	cp -R Makefile README.md LICENSE .gitignore .ci rnn.nw chapters tangled tests figures data $(BUILD)/$(DIST)
	@rm -f $(BUILD)/$(DIST)/data/tinyshakespeare.txt
	tar -C $(BUILD) -czf $(BUILD)/$(DIST).tar.gz $(DIST)
	@rm -rf $(BUILD)/$(DIST)
	@echo $(BUILD)/$(DIST).tar.gz

readme: $(BUILD)/rnn $(BUILD)/rnn-1.pdf ## put the end of a training run, and a page of the book, into README.md
	$(MAKE) --no-print-directory train OUT=$(BUILD)/readme.safetensors | sed -n '/^network/,$$p' > $(BUILD)/train.txt
	fold -s -w 100 $(BUILD)/train.txt | sed -e 's/ *$$//' -e '$${/^$$/d;}' | awk -v out=$(BUILD)/readme.md 'FNR == NR { run = run $$0 "\n"; next } \
	  inside && /^```$$/ { inside = 0 } !inside { print > out } \
	  /^<!-- make readme -->$$/ { getline; print > out; printf "%s", run > out; inside = 1 }' - README.md
	mv $(BUILD)/readme.md README.md
	page=$$(sed -n 's/^.newlabel{eq:future-chain}{{[^}]*}{\([0-9]*\)}.*/\1/p' $(BUILD)/rnn-1.aux); \
	pdftoppm -r 90 -f $$page -l $$page -png -singlefile $(BUILD)/rnn-1.pdf figures/page
	$(MAKE) --no-print-directory sessions

plot: export RNN_LOG := $(call given,LOG)
plot: ## draw LOG in the terminal, and as build/plot.svg
	@mkdir -p $(BUILD)
	@perl tangled/tests/plot.pl "$$RNN_LOG" '$(BUILD)/plot.svg'

sessions: $(BUILD)/rnn $(BUILD)/eqcheck $(BUILD)/counts $(EX_OUT)/.done ## play the terminal sessions of README.md again, and put into it what they print
	perl tangled/tests/sessions.pl $(BUILD)/rnn README.md > $(BUILD)/readme.md
	mv $(BUILD)/readme.md README.md
	@$(MAKE) --no-print-directory course-sessions
course-sessions: $(EX_OUT)/.done
	perl tangled/tests/sessions.pl $(BUILD)/rnn README.md course > $(BUILD)/readme.md
	mv $(BUILD)/readme.md README.md

## AGAINST: another build of rnn, which make bench lets take part
AGAINST =
## TURNS: times that make bench measures each program
TURNS = 5
## TURN: seconds that each takes
TURN = 2
bench: export RNN_TEXT := $(call given,TEXT)
bench: $(BENCH) ## compare the speed with the machine's peak, numpy and PyTorch, in one run; the tables go to data/
	perl tangled/tests/bench.pl build='$(BUILD)' out='$(BUILD)/bench' text="$$RNN_TEXT" against='$(AGAINST)' \
	  turns='$(TURNS)' seconds='$(TURN)' only='$(ONLY)' > $(BUILD)/bench.txt; status=$$?; cat $(BUILD)/bench.txt; \
	  $(if $(ONLY),,test $$status -ne 0 -a $$status -ne 3 || { cp $(BUILD)/bench*.tsv data/ && $(MAKE) --no-print-directory bench-readme; };) exit $$status
# The table of speeds in README.md is the one in data/.
bench-readme: ## put the speeds of data/bench-table.tsv into README.md
	@awk -f tangled/tests/speeds.awk data/bench-machine.tsv data/bench-table.tsv README.md > $(BUILD)/readme.md
	@mv $(BUILD)/readme.md README.md

clean: ## remove the folder BUILD and all in it, networks too; exercises/, tangled/ and data/ stay
	@test ! -e $(BUILD)/Makefile || { echo 'BUILD=$(BUILD) holds sources, and is not removed' >&2; exit 1; }
	rm -rf $(BUILD)

VARIABLES := $(SETTINGS) CC CFLAGS PREFIX
help: ## print this
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1 \2/p' Makefile | \
	  while read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done
	@echo; echo 'Variables (make train HIDDEN=256), with what they are now:'
	@{ $(foreach v,$(VARIABLES),printf '%s\n' '$(v) $(subst ','\'',$(call given,$(v)))';) } | while read -r name value; do \
	  printf '  %-12s %-24s %s\n' "$$name" "$$value" "$$(sed -n "s/^## $$name: //p" Makefile)"; done

.PHONY: words all eqcheck mutants coverage tried cells bench readme sessions plot tangle bootstrap train sample check check-weave check-web web-measure serve figures pdf html epub data deps deps-train deps-web bench-readme \
  deps-check install dist clean help
endif
