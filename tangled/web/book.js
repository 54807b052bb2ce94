/* generated from chapters/52-live.nw by noweb; do not edit */
"use strict";
/* Load a script when it is needed */
const Book = { programs: {}, loading: {}, live: document.documentElement.dataset.live === "yes" };

Book.load = path => Book.loading[path] = Book.loading[path] || new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = path;
  script.onload = resolve;
  script.onerror = () => reject(new Error(path + " could not be loaded"));
  document.head.append(script);
});

/* Make an element */
function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {}))
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value);
  e.append(...children);
  return e;
}

function button(text, action, attributes) {
  return make("button", { type: "button", onclick: action, ...attributes }, text);
}

/* Run programs behind the page */
class Program {
  constructor(name, seconds) { Object.assign(this, { name, seconds, waiting: new Map(), last: 0 }); }
  async start() {
    await Book.load("live/" + this.name + ".js");
    const { pack, source } = Book.programs[this.name];
    const script = new Blob([atob(source)], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(script));
    this.worker.onmessage = ({ data }) => this.settle(data.id, data);
    this.worker.postMessage({ pack: pack });
  }
  /* Ask a program, and hear its answer */
  async ask(message) {
    await (this.ready = this.ready || this.start());
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const clock = setTimeout(() => this.give_up(id), 1000 * this.seconds);
      this.waiting.set(id, { resolve, reject, clock });
      this.worker.postMessage({ id: id, ...message });
    });
  }
  settle(id, { result, error }) {
    const w = this.waiting.get(id);
    if (!w) return;
    this.waiting.delete(id);
    clearTimeout(w.clock);
    if (error) w.reject(new Error(error)); else w.resolve(result);
  }

  give_up() {
    this.worker.terminate();
    this.ready = undefined;
    for (const id of [...this.waiting.keys()])
      this.settle(id, { error: "this took longer than " + this.seconds + " seconds, and was given up" });
  }
}

/* Ask the checker */
const checker = new Program("checker", 60);

// The answers of eqcheck: { text, word, column, message, caret } for each equation of a theory.
async function judge(equations, theory) {
  const lines = equations.map(e => e.replace(/[\r\n]/g, " ")).map(e => /^\s*(%|$)/.test(e) ? "?" : e);
  const argv = ["eqcheck", ...(theory ? ["--theory", theory] : [])];
  const result = await checker.ask({ argv, input: lines.join("\n") + "\n" });
  const answers = result.out.trimEnd().split("\n"), carets = result.err.split("\n");
  return answers.map(text => {
    const [, word, column, message] = text.match(/^(\w+)(?: at column (\d+):)? ?(.*)$/) || [, "", , text];
    const caret = word === "ok" ? "" : carets.splice(0, 2).join("\n");
    return { text, word, column, message, caret };
  });
}

/* Typeset LaTeX in the page */
const MACROS = { "\\softmax": "\\operatorname{softmax}", "\\diag": "\\operatorname{diag}",
  "\\rows": "\\operatorname*{rows}" };

async function typeset(latex, place) {
  await Book.load("live/temml.js");
  const holder = make("div");
  temml.render(latex, holder, { displayMode: true, throwOnError: false, macros: { ...MACROS } });
  place.replaceChildren(...holder.childNodes);
}

/* Show a verdict */
function show_verdict(place, { word, column, message, caret }) {
  place.className = "verdict " + word;
  place.replaceChildren(make("strong", {}, word + (column ? " at column " + column : "")), " ",
    make("span", {}, message));
  if (caret) place.append(make("pre", { tabindex: "0", "aria-hidden": "true" }, caret));
}

function show_failure(place, error) {
  place.className = "verdict failed";
  place.replaceChildren(String(error.message || error));
}

/* Damage an equation */
const DAMAGES = [[/ \+ /g, " - "], [/ - /g, " + "], [/\^\\top/g, ""], [/_\{t\+1\}/g, "_t"],
  [/_\{t-1\}/g, "_t"], [/_t(?![a-z])/g, "_{t-1}"], [/ \\odot /g, " "], [/\\sum_\{.*?\}\^\{?.\}? /g, ""],
  [/\\partial\^\{\+\}/g, "\\partial"], [/\^2/g, ""], [/1 - /g, ""], [/_\{t\+1\}/g, "_{t-1}"]];

// Each damage, at each place behind the first sign of equality.
function damaged(latex) {
  const from = latex.indexOf("="), all = [];
  for (const [pattern, instead] of DAMAGES)
    for (const found of latex.matchAll(pattern))
      if (found.index > from)
        all.push(latex.slice(0, found.index) + instead + latex.slice(found.index + found[0].length));
  return all;
}

function shuffled(list) {
  return list.map(x => [Math.random(), x]).sort((a, b) => a[0] - b[0]).map(pair => pair[1]);
}

async function broken(label, latex, theory) {
  await Book.load("live/mistakes.js");
  const known = shuffled(Book.mistakes.filter(m => m[0] === label).map(m => m[1]));
  const first = Math.random() < 0.5 ? known.slice(0, 1) : [];
  const tries = first.concat(shuffled(damaged(latex).concat(known))).slice(0, 12);
  const answers = tries.length ? await judge(tries, theory) : [];
  const at = answers.findIndex(a => a.word !== "ok");
  return at < 0 ? latex : tries[at];
}

/* Open an equation */
class Bench {
  constructor(label, latex, name, theory) {
    Object.assign(this, { label, theory, original: latex, asked: 0 });
    this.view = make("div", { class: "typeset", "aria-hidden": "true" });
    this.editor = make("textarea", { rows: "3", spellcheck: "false", autocapitalize: "off",
      autocomplete: "off", "aria-label": "LaTeX of " + name, oninput: () => this.changed() });
    this.verdict = make("div", { class: "verdict", role: "status" });
    this.link = make("a", {}, "Link to this");
    this.element = make("div", { class: "bench", role: "group", "aria-label": "Try " + name },
      this.view, this.editor, this.buttons(), this.verdict);
    this.set(latex);
  }
  /* Give the bench its buttons */
  buttons() {
    const row = make("p", { class: "buttons" });
    if (this.original) row.append(button("Damage it", () => this.damage()),
      button("Restore it", () => this.set(this.original)));
    row.append(this.link);
    return row;
  }
  async damage() {
    try { this.set(await broken(this.label, this.original, this.theory)); }
    catch (error) { show_failure(this.verdict, error); }
  }
  /* Follow what is typed */
  set(latex) {
    this.editor.value = latex;
    this.changed(0);
  }
  changed(wait = 250) {
    const turn = ++this.asked, latex = this.editor.value;
    const theory = this.theory ? "&t=" + encodeURIComponent(this.theory) : "";
    this.link.href = "try.html#e=" + encodeURIComponent(latex) + theory;
    typeset(latex, this.view).catch(error => show_failure(this.verdict, error));
    this.verdict.setAttribute("aria-busy", "true");
    setTimeout(() => { if (turn === this.asked) this.check(turn, latex); }, wait);
  }
  async check(turn, latex) {
    let show = place => place.replaceChildren();
    if (latex.trim()) show = await judge([latex], this.theory).then(([answer]) => place => show_verdict(place, answer),
      error => place => show_failure(place, error));
    if (turn !== this.asked) return;
    show(this.verdict);
    this.verdict.removeAttribute("aria-busy");
  }
}

function prepare_equation(equation) {
  const name = "equation " + equation.querySelector(".number").textContent.trim();
  let bench;
  const open = button("try", () => {
    bench = bench || new Bench(equation.id, equation.dataset.latex, name, equation.dataset.theory);
    const closed = !bench.element.isConnected;
    if (closed) equation.after(bench.element); else bench.element.remove();
    open.setAttribute("aria-expanded", String(closed));
    if (closed) bench.editor.focus({ preventScroll: true });
  }, { class: "open", "aria-expanded": "false", "aria-label": "Try " + name });
  equation.querySelector(".mark").append(" ", open);
  equation.querySelector(".formula").addEventListener("click", () => open.click());
}

/* Fill the page on which anything can be tried */
const EXAMPLE = "\\frac{\\partial L}{\\partial b_h} = \\sum_{t=1}^{T} \\delta^z_t";

function carried() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B")));
}

function fill_try(place) {
  const { e, t } = carried();
  const bench = new Bench("", "", "an equation", t);
  place.append(bench.element);
  bench.set(e === undefined ? EXAMPLE : e);
  fill_notes(document.getElementById("try-notes"), carried().n);
}

/* Begin with notes that are short and wrong */
const NOTES = String.raw`| symbol | shape | range |
|---|---|---|
| $x$ | d × 1 | |
| $y$ | k × 1 | one-hot |
| $W$ | k × d | |

$$ z := W x $$

$$ L := -y^\top \log(\operatorname{softmax}(z)) $$

$$ \frac{\partial L}{\partial z} = \operatorname{softmax}(z) - y $$

$$ \frac{\partial L}{\partial W} = \frac{\partial L}{\partial z} x $$
`;
function fill_notes(place, text) {
  const editor = make("textarea", { rows: "18", spellcheck: "false", "aria-label": "Notes in Markdown" });
  const link = make("a", {}, "Link to this");
  const out = make("pre", { class: "report", role: "status", tabindex: "0" });
  const renew = () => { link.href = "try.html#n=" + encodeURIComponent(editor.value); };
  editor.value = text === undefined ? NOTES : text;
  editor.addEventListener("input", renew);
  renew();
  place.append(editor, make("p", { class: "buttons" },
    button("Check it", () => check_notes(editor.value, out)), link), out);
}

async function check_notes(text, out) {
  out.textContent = "…";
  try {
    const files = { "notes.md": new TextEncoder().encode(text) };
    const { out: said, err } = await checker.ask({ argv: ["eqcheck", "notes.md"], files: files });
    out.textContent = said + err;
  } catch (error) { out.textContent = error.message; }
}

/* Start the page */
function each(selector, action) { document.querySelectorAll(selector).forEach(action); }

if (Book.live) {
  each(".equation[data-latex]", prepare_equation);
  each("#try-equation", fill_try);
}
