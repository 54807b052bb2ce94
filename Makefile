# rnn: a trainer, and the book it is cut out of.  `make help` lists everything.

VERSION := 0.1
BUILD ?= build
BOOK := rnn.nw $(sort $(wildcard chapters/*.nw))

## TEXT: the text to learn, in UTF-8
TEXT ?= data/hamlet.txt
## OUT: where the network is kept
OUT ?= $(BUILD)/rnn.safetensors
## HIDDEN: hidden units
HIDDEN ?= 128
## SEQ: characters per stream and step
SEQ ?= 50
## BATCH: streams read side by side
BATCH ?= 16
## STEPS: steps of training
STEPS ?= 2500
## OPTIMIZER: sgd, adagrad or adam
OPTIMIZER ?= adam
## LR: learning rate; empty for what suits the optimiser
LR ?=
## SEED: where chance begins
SEED ?= 1
## THREADS: processors to use; empty for all
THREADS ?=
## PROMPT: what a sample continues
PROMPT ?=
## LENGTH: characters in a sample
LENGTH ?= 500
## TEMPERATURE: of a sample; 0 is timid, 1 as learned, above is wild
TEMPERATURE ?= 0.7
## CC: the C compiler
## CFLAGS: its flags, after those that are always given
CFLAGS ?= -O3
## SANITIZE: 1 to build with the address and undefined-behaviour sanitizers
SANITIZE ?=
## DEBUG: 1 to build for a debugger that shows lines of the book (needs noweb)
DEBUG ?=
## DRAFT: 1 to weave although a number or a reference is missing
DRAFT ?=
## BUILD: the folder for everything that is built
## PREFIX: where `make install` puts the program
PREFIX ?= /usr/local
DESTDIR ?=

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# Goals that need no tangling.
QUIET_GOALS := help clean deps deps-train deps-check data bootstrap
ifneq ($(filter-out $(QUIET_GOALS),$(or $(MAKECMDGOALS),all)),)
NEEDS_TANGLE := 1
endif

# ---------------------------------------------------------------- tangling
# The list of what is tangled is an included makefile, so that make tangles
# first, and then starts over and sees the new files. Without noweb, the
# tangled sources that came with the book are used.

NOTANGLE := $(shell command -v notangle 2>/dev/null)
SOURCE := tangled
ifeq ($(DEBUG),1)
SOURCE := $(BUILD)/lined
CFLAGS += -Og -g3
endif

ifneq ($(NEEDS_TANGLE),)
ifneq ($(NOTANGLE),)
include $(BUILD)/tangled.mk
endif
endif

$(BUILD)/tangled.mk: $(BOOK) | tangled/tangle.sh tangled/tangle.awk
	@mkdir -p $(@D)
	@tangled/tangle.sh tangled $(BOOK)
	@echo "# every root of the book is tangled" > $@
	@rm -rf $(BUILD)/lined

# If the tangler itself is missing, or a mistake in it keeps it from tangling its own correction.
tangled/tangle.sh tangled/tangle.awk:
	@mkdir -p tangled
	notangle -R$(@F) chapters/26-weave.nw > $@.new && chmod +x $@.new && mv $@.new $@
bootstrap: ## tangle the tangler with plain notangle, if it is broken
	rm -f tangled/tangle.sh tangled/tangle.awk
	$(MAKE) tangled/tangle.sh tangled/tangle.awk BUILD=$(BUILD) QUIET_GOALS='$(QUIET_GOALS) tangled/tangle.sh tangled/tangle.awk'

ifeq ($(DEBUG),1)
ifneq ($(NEEDS_TANGLE),)
include $(BUILD)/lined/lined.mk
endif
endif
$(BUILD)/lined/lined.mk: $(BUILD)/tangled.mk
	@LINES=1 tangled/tangle.sh $(BUILD)/lined $(BOOK)
	@echo "# with the lines of the book" > $@

# ---------------------------------------------------------------- compiling
# Everything is compiled twice: as float for the trainer, as double for the
# checks. Modules of the appendices (21 and up) belong to the checks alone.

C_FILES := $(filter-out ex-%.c,$(notdir $(wildcard tangled/*.c)))
MAINS := $(notdir $(shell grep -l '^int main' tangled/*.c /dev/null))
MODULES := $(filter-out $(MAINS) stand-ins.c,$(C_FILES))
TRAINER := $(filter-out $(notdir $(shell grep -l 'generated from chapters/2' tangled/*.c /dev/null)),$(MODULES))
EXERCISES := $(notdir $(shell grep -l 'generated from chapters/27' tangled/*.c /dev/null))
TESTS := $(patsubst %.c,$(BUILD)/%,$(filter test-%.c,$(MAINS))) $(BUILD)/test-rows-float $(BUILD)/test-format-float

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wpedantic
ALWAYS := -std=c11 -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread $(WARNINGS)
ifeq ($(SANITIZE),1)
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -g
endif
COMPILE = $(CC) $(CPPFLAGS) $(ALWAYS) $(CFLAGS) $(SANITIZERS) -MMD -MP -I$(SOURCE)
LINK = $(CC) -pthread $(CFLAGS) $(SANITIZERS) $(LDFLAGS)
LIBRARIES := -lm
GSL := -lgsl -lgslcblas

# Objects depend on the flags they were compiled with.
FLAGS := $(CC) $(CPPFLAGS) $(ALWAYS) $(CFLAGS) $(SANITIZERS) $(LDFLAGS) $(SOURCE)
ifneq ($(NEEDS_TANGLE),)
ifneq ($(FLAGS),$(file <$(BUILD)/flags))
$(shell mkdir -p $(BUILD))
$(file >$(BUILD)/flags,$(FLAGS))
endif
endif

$(BUILD)/float/%.o: $(SOURCE)/%.c $(BUILD)/flags | $(BUILD)/float
	$(COMPILE) -c -o $@ $<
$(BUILD)/double/%.o: $(SOURCE)/%.c $(BUILD)/flags | $(BUILD)/double
	$(COMPILE) -DREAL=double $(if $(filter eqcheck.c,$(<F)),-DEQCHECK_GSL) -c -o $@ $<
$(BUILD)/float $(BUILD)/double $(BUILD)/figures $(BUILD)/html:
	@mkdir -p $@

$(BUILD)/rnn: $(patsubst %.c,$(BUILD)/float/%.o,main.c $(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)

CHECKED := $(patsubst %.c,$(BUILD)/double/%.o,$(filter-out $(EXERCISES),$(MODULES)))
GRADED := $(patsubst %.c,$(BUILD)/double/%.o,$(filter $(EXERCISES),$(MODULES)))
$(BUILD)/double/modules.a: $(CHECKED)
	@rm -f $@
	ar rc $@ $^
$(BUILD)/test-%-float: $(BUILD)/float/test-%.o $(patsubst %.c,$(BUILD)/float/%.o,$(TRAINER))
	$(LINK) -o $@ $^ $(LIBRARIES)
$(filter-out %-float,$(TESTS)): $(BUILD)/%: $(BUILD)/double/%.o $(GRADED) $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(GSL) $(LIBRARIES)
$(BUILD)/eqcheck: $(BUILD)/%: $(BUILD)/double/%.o $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(GSL) $(LIBRARIES)
$(BUILD)/steps $(BUILD)/counts: $(BUILD)/%: $(BUILD)/double/%.o $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(LIBRARIES)

-include $(wildcard $(BUILD)/float/*.d $(BUILD)/double/*.d)

# ---------------------------------------------------------------- using it

all: $(BUILD)/rnn ## build the trainer (the default)

tangle: ## cut the program out of the book, into tangled/
ifeq ($(NOTANGLE),)
	@echo 'make tangle needs noweb (make deps); tangled/ is as it came' >&2; exit 1
endif

# A prompt or a name may hold quotation marks, dollars and backticks. What was given to make is not
# expanded, and reaches the program through the environment; the shell never reads it as its own text.
given = $(if $(filter file,$(origin $1)),$($1),$(value $1))
train sample: export RNN_TEXT := $(call given,TEXT)
train sample: export RNN_OUT := $(call given,OUT)
train sample: export RNN_PROMPT := $(call given,PROMPT)

train: $(BUILD)/rnn ## train on TEXT, save to OUT, print figures and a sample
	@mkdir -p -- "$$(dirname -- "$$RNN_OUT")"
	$(BUILD)/rnn train --hidden $(HIDDEN) --seq-len $(SEQ) --batch $(BATCH) --steps $(STEPS) \
	  --optimizer $(OPTIMIZER) $(if $(LR),--lr $(LR)) --seed $(SEED) \
	  $(if $(THREADS),--threads $(THREADS)) --save "$$RNN_OUT" -- "$$RNN_TEXT"

sample: $(BUILD)/rnn ## let the network in OUT speak (train first)
	@test -e "$$RNN_OUT" || { printf 'there is no %s yet: make train\n' "$$RNN_OUT" >&2; exit 1; }
	@$(BUILD)/rnn sample --load "$$RNN_OUT" --prompt "$$RNN_PROMPT" --length $(LENGTH) \
	  --temperature $(TEMPERATURE)

# ---------------------------------------------------------------- checking

PROGRAMS := $(TESTS) $(BUILD)/rnn $(BUILD)/counts $(if $(filter eqcheck.c,$(MAINS)),$(BUILD)/eqcheck)
SCRIPTS := $(filter-out tests/weave.t tests/editions.t,$(sort $(wildcard tests/*.t)))

check: $(PROGRAMS) $(BUILD)/keymaker $(if $(filter eqcheck.c,$(MAINS)),$(BUILD)/eqcheck.tap) ## execute every equation and every test
	@$(MAKE) --no-print-directory $(EX_OUT)/.done 2> $(EX_OUT).log || true
	@BUILD='$(BUILD)' CC='$(CC)' ASAN_OPTIONS=allocator_may_return_null=1 tests/run $(TESTS) $(SCRIPTS)

check-weave: pdf html student teacher ## look for what was lost, and for what must not be shown, in PDF and HTML
	@BUILD='$(BUILD)' tests/run tests/weave.t tests/editions.t

# The checker is run once; its report is kept for the tests, its verdicts for the book.
$(BUILD)/eqcheck.tap: $(BUILD)/eqcheck $(BUILD)/equations.tsv
	$(BUILD)/eqcheck --equations $(BUILD)/equations.tsv --formulas $(BUILD)/formulas.tsv --ledger $(BUILD)/ledger.tsv \
	  --shapes $(BUILD)/shapes.tsv --errata $(BUILD)/errata.tsv \
	  --summary $(BUILD)/summary.tsv --wrong $(BUILD)/wrong.tsv > $@; test $$? -le 1
VERDICTS := $(addprefix $(BUILD)/,ledger.tsv shapes.tsv errata.tsv summary.tsv wrong.tsv)
$(VERDICTS): $(BUILD)/eqcheck.tap ;

$(BUILD)/steps.tsv: $(BUILD)/steps
	$(BUILD)/steps $(BUILD)/steps.tsv $(BUILD)/steps-best.tsv
$(BUILD)/steps-best.tsv: $(BUILD)/steps.tsv ;

# What count tables are worth on the book's text, and the network of make train.
$(BUILD)/counts.tsv: $(BUILD)/counts data/hamlet.txt
	$(BUILD)/counts data/hamlet.txt > $@.new && mv $@.new $@
$(BUILD)/hamlet.tsv: $(BUILD)/rnn data/hamlet.txt
	$(BUILD)/rnn train --log $@.log data/hamlet.txt > $@.out 2>&1
	awk -F '\t' 'NR > 1 { end = $$4; if (!best || $$4 < best) best = $$4 } \
	  END { printf "when\tbits\nbest\t%s\nend\t%s\n", best, end }' $@.log > $@.new && mv $@.new $@

# ---------------------------------------------------------------- weaving
# One reading of the book makes book.json, from which every output is set, and
# equations.tsv, from which the checker works.

NOWEB_LIB = $(shell sed -n 's/^LIB=//p' $(NOTANGLE))
WEAVE := tangled/weave.lua
$(BUILD)/book.json: $(BOOK) $(WEAVE) Makefile
	@mkdir -p $(@D)
	@PATH="$$PATH:$(NOWEB_LIB)"; \
	markup $(BOOK) > $(BUILD)/book.markup && \
	finduses < $(BUILD)/book.markup > $(BUILD)/book.uses && \
	noidx < $(BUILD)/book.uses > $(BUILD)/book.noweb && \
	BUILD='$(BUILD)' DRAFT='$(DRAFT)' pandoc -f $(WEAVE) -t json -o $@ $(BUILD)/book.noweb
$(BUILD)/equations.tsv $(BUILD)/formulas.tsv $(BUILD)/numbers.tsv: $(BUILD)/book.json ;

# Measured numbers and figures that the book asks for.
MEASURED := $(patsubst build/%,$(BUILD)/%,$(sort $(shell sed -n 's/.*file="\(build\/[^"]*\)".*/\1/p' $(BOOK))))
MEASURED += $(if $(filter eqcheck.c,$(MAINS)),$(VERDICTS))
FIGURES := $(patsubst figures/%.tex,%,$(wildcard figures/*.tex))
FIGURE_PDF := $(FIGURES:%=$(BUILD)/figures/%.pdf)
FIGURE_SVG := $(FIGURES:%=$(BUILD)/figures/%.svg)
PAGES := $(BUILD)/book-edition.json tangled/page.lua $(MEASURED)
PANDOC = BUILD='$(BUILD)' DRAFT='$(DRAFT)' pandoc -f json --wrap=preserve --lua-filter tangled/page.lua

define figure_data
$(BUILD)/figures/$(1).pdf: $(patsubst build/%,$(BUILD)/%,$(shell grep -o 'build/[A-Za-z0-9-]*\.tsv' figures/$(1).tex | sort -u))
endef
$(foreach f,$(FIGURES),$(eval $(call figure_data,$(f))))
$(BUILD)/figures/%.pdf: figures/%.tex | $(BUILD)/figures
	@sed 's|build/|$(BUILD)/|g' $< > $(BUILD)/figures/$*.tex
	lualatex --interaction=nonstopmode --halt-on-error --output-directory=$(@D) \
	  $(BUILD)/figures/$*.tex > $(BUILD)/figures/$*.out || { cat $(BUILD)/figures/$*.out >&2; exit 1; }
$(BUILD)/figures/%.svg: $(BUILD)/figures/%.pdf
	pdftocairo -svg $< $@

figures: $(FIGURE_PDF) $(FIGURE_SVG) ## draw the figures

pdf: $(BUILD)/rnn.pdf ## weave the book as PDF
student: $(BUILD)/rnn-student.pdf ## weave the book with blanks to write in, and no solutions
teacher: $(BUILD)/rnn-teacher.pdf ## weave the book with the solution of each exercise in place
define edition
$(BUILD)/$(1).tex: $(BUILD)/$(2)-edition.json $(PAGES) tangled/book.latex
	$$(PANDOC) -t latex --template tangled/book.latex --top-level-division=chapter -o $$@ $$<
$(BUILD)/$(1).pdf: $(BUILD)/$(1).tex tangled/typeset.sh $(FIGURE_PDF)
	sh tangled/typeset.sh $$<
endef
$(eval $(call edition,rnn,book))
$(eval $(call edition,rnn-student,student))
$(eval $(call edition,rnn-teacher,teacher))

html: $(BUILD)/html/index.html ## weave the book as HTML, a page for each chapter
$(BUILD)/html/index.html: $(PAGES) tangled/site.lua tangled/page.html tangled/book.css $(FIGURE_SVG) | $(BUILD)/html
	@rm -f $(BUILD)/html/*.html
	@mkdir -p $(BUILD)/html/figures
	@cp $(FIGURE_SVG) $(BUILD)/html/figures/
	@cp tangled/book.css $(BUILD)/html/
	$(PANDOC) --lua-filter tangled/site.lua -t html5 --mathml -o $@ $<

epub: $(BUILD)/rnn.epub ## weave the book as EPUB
$(BUILD)/rnn.epub: $(PAGES) tangled/book.css $(FIGURE_SVG)
	$(PANDOC) -t epub3 --mathml --css tangled/book.css --toc --toc-depth=2 \
	  --resource-path=.:$(BUILD) -o $@ $<

# ---------------------------------------------------------------- exercises
# The blanks, their key and the kit come out of book.json; the folder exercises/ is the student's.

EX_OUT    := $(BUILD)/exercise-kit
EX_KIT    := $(EX_OUT)/kit

exercises: $(EX_OUT)/.done  ## write exercises/, a folder with blanks to fill in
	sh tangled/hand-out.sh $(EX_KIT) exercises

course: $(EX_OUT)/.done $(BUILD)/rnn-student.pdf ## pack the exercises and the student's book: build/course.tar.gz
	tar -C $(BUILD) --owner=0 --group=0 -czf $(BUILD)/course.tar.gz \
	  --transform 's,^exercise-kit/kit,exercises,;s,^rnn-student,back-through-time,' exercise-kit/kit rnn-student.pdf

$(BUILD)/keymaker: $(BUILD)/double/keymaker.o $(GRADED) $(BUILD)/double/modules.a
	$(LINK) -o $@ $^ $(LIBRARIES)

# Texts, blanks, versions of the code, and the kit's sources, out of the book.
$(EX_OUT)/list.tsv: $(BUILD)/book.json tangled/exercises.lua $(wildcard tangled/kit.mk tangled/*.sh tangled/kit-README.md)
	rm -rf $(EX_OUT)
	mkdir -p $(EX_OUT)/blank $(EX_OUT)/code $(EX_OUT)/envelopes $(EX_OUT)/bin $(EX_KIT)/checker $(EX_KIT)/hints $(EX_KIT)/key
	pandoc -f json -t json --lua-filter tangled/exercises.lua -M edition=kit -M out=$(EX_OUT) $(BUILD)/book.json -o $(EX_OUT)/empty.json
	sed '/generated from/d' tangled/kit.mk > $(EX_KIT)/Makefile
	sed "/^<!--/d" tangled/kit-README.md > $(EX_KIT)/README.md
	cp tangled/hint.sh tangled/watch.sh tangled/answers.sh tangled/compile.sh tangled/weaken.sh $(EX_KIT)/checker/
	cp $(EX_OUT)/blank/* $(EX_KIT)/
	for f in $(EX_OUT)/code/*-blank.c; do cp $$f $(EX_KIT)/$$(basename $$f -blank.c).c; done

# Every version of the code with its driver; one that does not compile is left out.
$(EX_OUT)/versions: $(EX_OUT)/list.tsv tangled/compile-versions.sh
	rm -f $(EX_OUT)/.done
	sh tangled/compile-versions.sh $(EX_OUT) "$(CC)"
	touch $@

# The numbers. Where a solution fails, there is no .done: no edition can be made, and make check says why.
$(EX_OUT)/.done: $(EX_OUT)/versions $(BUILD)/keymaker $(BUILD)/equations.tsv
	rm -f $@
	$(BUILD)/keymaker $(EX_OUT) $(BUILD)/equations.tsv
	touch $@

# The editions of the book. None is made before its answers have been executed.
$(BUILD)/%-edition.json: $(BUILD)/book.json tangled/exercises.lua $(EX_OUT)/.done
	pandoc -f json -t json --lua-filter tangled/exercises.lua -M edition=$* -M shapes=$(EX_OUT)/shapes.tsv $< -o $@

.PHONY: exercises course student teacher

# ---------------------------------------------------------------- the rest

DATA_URL ?= https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt
DATA_SUM := 86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed
DATA ?= data
data: $(DATA)/tinyshakespeare.txt ## fetch tiny Shakespeare from DATA_URL, and check its sum
$(DATA)/tinyshakespeare.txt:
	@mkdir -p $(@D)
	@rm -f $@.part
	curl --fail --silent --show-error --location -o $@.part '$(DATA_URL)' || { rm -f $@.part; exit 1; }
	@echo '$(DATA_SUM)  $@.part' | sha256sum -c --quiet - || \
	  { rm -f $@.part; echo '$(DATA_URL) is not the text that was expected: nothing kept' >&2; exit 1; }
	@mv $@.part $@

TOOLS_TRAIN := gcc libc6-dev make
TOOLS_CHECK := $(TOOLS_TRAIN) libgsl-dev noweb pandoc perl curl shellcheck
TOOLS_WEAVE := $(TOOLS_CHECK) texlive-luatex texlive-latex-extra texlive-pictures lmodern \
  fonts-texgyre fonts-texgyre-math fonts-dejavu-core poppler-utils
deps: ## install what the book needs (Debian, Ubuntu; elsewhere it says what)
	@sh tangled/deps.sh $(TOOLS_WEAVE)
deps-check: ## install only what training and checking need
	@sh tangled/deps.sh $(TOOLS_CHECK)
deps-train: ## install only what training needs
	@sh tangled/deps.sh $(TOOLS_TRAIN)

install: $(BUILD)/rnn ## install rnn under PREFIX
	install -d '$(DESTDIR)$(PREFIX)/bin'
	install -m 755 $(BUILD)/rnn '$(DESTDIR)$(PREFIX)/bin/rnn'

DIST := rnn-$(VERSION)
dist: tangle ## pack the sources into build/rnn-VERSION.tar.gz
	@rm -rf $(BUILD)/$(DIST) && mkdir -p $(BUILD)/$(DIST)
	cp -R Makefile README.md LICENSE .gitignore .ci rnn.nw chapters tangled tests figures data $(BUILD)/$(DIST)
	@rm -f $(BUILD)/$(DIST)/data/tinyshakespeare.txt
	tar -C $(BUILD) -czf $(BUILD)/$(DIST).tar.gz $(DIST)
	@rm -rf $(BUILD)/$(DIST)
	@echo $(BUILD)/$(DIST).tar.gz

readme: $(BUILD)/rnn $(BUILD)/rnn.pdf ## put the end of a training run, and a page of the book, into README.md
	$(MAKE) --no-print-directory train OUT=$(BUILD)/readme.safetensors | sed -n '/^network/,$$p' > $(BUILD)/train.txt
	fold -s -w 100 $(BUILD)/train.txt | sed 's/ *$$//; $${/^$$/d}' | awk -v out=$(BUILD)/readme.md 'FNR == NR { run = run $$0 "\n"; next } \
	  inside && /^```$$/ { inside = 0 } !inside { print > out } \
	  /^<!-- make readme -->$$/ { getline; print > out; printf "%s", run > out; inside = 1 }' - README.md
	mv $(BUILD)/readme.md README.md
	page=$$(sed -n 's/^.newlabel{eq:dz}{{[^}]*}{\([0-9]*\)}.*/\1/p' $(BUILD)/rnn.aux); \
	pdftoppm -r 90 -f $$page -l $$page -png -singlefile $(BUILD)/rnn.pdf figures/page

bench: $(BUILD)/rnn ## compare the speed with numpy's, in one run
	sh tangled/bench.sh $(BUILD)/rnn data/hamlet.txt $(BUILD)/bench.tsv

clean: ## remove the folder that everything is built in (exercises/ and data/ stay)
	rm -rf $(BUILD)

VARIABLES = TEXT OUT HIDDEN SEQ BATCH STEPS OPTIMIZER LR SEED THREADS PROMPT LENGTH TEMPERATURE \
  CC CFLAGS SANITIZE DEBUG DRAFT BUILD PREFIX
help: ## print this
	@echo 'Targets:'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1 \2/p' Makefile | \
	  while read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done
	@echo; echo 'Variables (make train HIDDEN=256), with what they are now:'
	@{ $(foreach v,$(VARIABLES),printf '%s\n' '$(v) $(subst ','\'',$(call given,$(v)))';) } | while read -r name value; do \
	  printf '  %-12s %-24s %s\n' "$$name" "$$value" "$$(sed -n "s/^## $$name: //p" Makefile)"; done

.PHONY: all bench readme tangle bootstrap train sample check check-weave figures pdf html epub data deps deps-train \
  deps-check install dist clean help
