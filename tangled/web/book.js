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
function bytes_of(letters) { return Uint8Array.from(atob(letters), c => c.charCodeAt(0)); }
class Program {
  constructor(name, seconds) { Object.assign(this, { name, seconds, waiting: new Map(), last: 0 }); }
  async start() {
    await Book.load("live/" + this.name + ".js");
    const { pack, source } = Book.programs[this.name];
    const script = new Blob([bytes_of(source)], { type: "text/javascript" });
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
const checker = new Program("checker", 60), EQUATION_MOST = 10000;

// The answers of eqcheck: { text, word, column, message, caret } for each equation of a theory.
async function judge(equations, theory) {
  const lines = equations.map(e => e.replace(/[\r\n]/g, " ")).map(e => /^\s*(%|$)/.test(e) ? "?" : e);
  const argv = ["eqcheck", ...(theory ? ["--theory", theory] : [])];
  const long = lines.find(l => l.length > EQUATION_MOST);
  if (long) throw new Error(`this has ${long.length} characters, and an equation here may have ${EQUATION_MOST}`);
  const result = await checker.ask({ argv, input: lines.join("\n") + "\n" });
  if (!result.out) throw new Error(result.err || "the checker has not answered");
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
  if (latex.length <= EQUATION_MOST) temml.render(latex, holder, { displayMode: true, throwOnError: false, macros: { ...MACROS } });
  holder.querySelectorAll(":is(msub, msup, msubsup, munder, munderover) > :nth-child(n+2) mo").forEach(mo => {
    mo.setAttribute("lspace", "0");
    mo.setAttribute("rspace", "0");
  });
  place.replaceChildren(...holder.childNodes);
}

/* Show a verdict */
function show_verdict(place, { word, column, message, caret }) {
  place.className = "verdict " + word;
  place.replaceChildren(make("strong", {}, word + (column ? " at column " + column : "")), " ",
    make("span", {}, message));
  if (caret) place.append(make("pre", { tabindex: "0", role: "img", "aria-label": "The place in the equation" }, caret));
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
const LINK_MOST = 30000;

function set_link(link, carried) {
  const parts = Object.entries(carried).filter(([, text]) => text !== undefined);
  const length = parts.reduce((sum, [, text]) => sum + text.length, 0);
  link.hidden = length > LINK_MOST;
  if (!link.hidden) link.href = "try.html#" + parts.map(([name, text]) => name + "=" + encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"))).join("&");
}

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
    set_link(this.link, { e: latex, t: this.theory });
    typeset(latex, this.view).catch(() => this.view.replaceChildren());
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
  const bench = new Bench("", "", "an equation"), set_notes = fill_notes(document.getElementById("try-notes"));
  const show = (otherwise, notes) => {
    const { e = otherwise, t, n = notes } = carried();
    if (e !== undefined) { bench.theory = t; bench.set(e); }
    if (n !== undefined) set_notes(n);
  };
  place.append(bench.element);
  show(EXAMPLE, NOTES);
  addEventListener("hashchange", () => show());
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
// Returns a function that sets the text.
function fill_notes(place) {
  const editor = make("textarea", { rows: "18", spellcheck: "false", "aria-label": "Notes in Markdown" });
  const link = make("a", {}, "Link to this");
  const out = make("pre", { class: "report", role: "status", tabindex: "0" });
  const renew = () => set_link(link, { n: editor.value });
  editor.addEventListener("input", renew);
  place.append(editor, make("p", { class: "buttons" },
    button("Check it", () => check_notes(editor.value, out)), link), out);
  return text => { editor.value = text; renew(); };
}

const NOTES_MOST = 300000;

async function check_notes(text, out) {
  out.textContent = "…";
  try {
    if (text.length > NOTES_MOST) throw new Error(`these notes have ${text.length} characters, and here may have ${NOTES_MOST}`);
    const files = { "notes.md": new TextEncoder().encode(text) };
    const { out: said, err } = await checker.ask({ argv: ["eqcheck", "notes.md"], files: files });
    out.textContent = said + err;
  } catch (error) { out.textContent = error.message; }
}

/* Read the page with ease */
/* Switch the colours */
const THEMES = ["auto", "light", "dark"], SIGNS = { auto: "◐", light: "☀", dark: "☾" };

const unkept = new Map();

function keep(name, value) {
  unkept.delete(name);
  try { if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); }
  catch (error) { unkept.set(name, value); }
}
function kept(name) {
  if (unkept.has(name)) return unkept.get(name);
  try { return localStorage.getItem(name); } catch (error) { return null; }
}

function theme_button() {
  const look = document.documentElement.dataset, b = button("", () => {
    const next = THEMES[(THEMES.indexOf(look.theme || "auto") + 1) % THEMES.length];
    if (next === "auto") delete look.theme; else look.theme = next;
    keep("theme", next === "auto" ? null : next);
    show();
  }, { class: "theme" });
  const show = () => {
    b.textContent = SIGNS[look.theme || "auto"];
    b.setAttribute("aria-label", "Colours: " + (look.theme || "auto"));
    b.title = b.getAttribute("aria-label");
  };
  show();
  return b;
}

/* Let code be copied */
async function copy(text) {
  if (navigator.clipboard && await navigator.clipboard.writeText(text).then(() => true, () => false)) return;
  const area = make("textarea", { class: "copied" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function let_copy(chunk) {
  const code = chunk.querySelector("pre");
  if (!code) return;
  const b = button("copy", async () => {
    await copy(code.textContent);
    b.textContent = "copied";
    setTimeout(() => { b.textContent = "copy"; }, 2000);
  }, { class: "copy", "aria-label": "Copy this code" });
  code.before(b);
}

/* Let the keyboard scroll */
function reach_scrollers() {
  each("main pre:not([role]), main .table, .equation .formula, .equation .shape", e => {
    if (e.scrollWidth > e.clientWidth) e.tabIndex = 0; else e.removeAttribute("tabindex");
  });
}

/* Show the present section */
function watch_sections() {
  const entries = new Map([...document.querySelectorAll("#side ul ul a")].map(a => [decodeURIComponent(a.hash.slice(1)), a]));
  const headings = [...document.querySelectorAll("main h2")].filter(h => entries.has(h.id));
  const mark = () => {
    const passed = headings.filter(h => h.getBoundingClientRect().top < innerHeight / 3).pop();
    for (const a of entries.values()) a.removeAttribute("aria-current");
    if (passed) entries.get(passed.id).setAttribute("aria-current", "location");
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
  const here = document.querySelector("#side [aria-current]"), side = document.getElementById("side");
  if (here) side.scrollTop = here.offsetTop - side.clientHeight / 3;
}

/* Show what a reference refers to */
let preview, waiting, asked;

function offer_preview(event) {
  const link = event.target.closest("a[href*='#']:not(.anchor)");
  if (!link || event.pointerType === "touch" || link.closest(".preview, .bench")) return;
  clearTimeout(waiting);
  asked = link;
  waiting = setTimeout(() => show_preview(link), 350);
  const leave = e => {
    if (asked !== link || preview && e.relatedTarget && preview.contains(e.relatedTarget)) return;
    clearTimeout(waiting);
    waiting = setTimeout(shut_preview, 250);
  };
  link.addEventListener("pointerleave", leave, { once: true });
  link.addEventListener("blur", () => { if (asked === link) shut_preview(); }, { once: true });
}

function shut_preview() {
  clearTimeout(waiting);
  if (preview) preview.remove();
  preview = undefined;
}
addEventListener("keydown", e => { if (e.key === "Escape") shut_preview(); });

function show_preview(link) {
  shut_preview();
  const what = preview_of(link);
  if (!what || !link.isConnected) return;
  preview = make("aside", { class: "preview", "aria-label": "Preview of " + link.textContent,
    onpointerenter: () => clearTimeout(waiting), onpointerleave: shut_preview }, what);
  document.body.append(preview);
  place_preview(link.getBoundingClientRect());
}

function preview_of(link) {
  const [file, label] = link.getAttribute("href").split("#");
  if (file && !file.endsWith(".html")) return undefined;
  if (file) return make("iframe", { src: file + "?preview#" + label, tabindex: "-1", title: "Preview" });
  const target = document.getElementById(decodeURIComponent(label));
  if (!target || target.tagName === "MAIN" || target.contains(link)) return undefined;
  const holder = make("div");
  for (let e = target; e && holder.childElementCount < (/^H/.test(target.tagName) ? 3 : 1); e = e.nextElementSibling)
    holder.append(e.cloneNode(true));
  holder.querySelectorAll("[id]").forEach(e => e.removeAttribute("id"));
  holder.querySelectorAll("button, .bench").forEach(e => e.remove());
  return holder;
}

function place_preview(link) {
  const box = preview.getBoundingClientRect(), below = link.bottom + 6;
  const top = below + box.height < innerHeight ? below : Math.max(6, link.top - box.height - 6);
  preview.style.top = top + "px";
  preview.style.left = Math.max(6, Math.min(link.left, innerWidth - box.width - 6)) + "px";
}

/* Search the book */
const GAPS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

// How often a word with this part occurs: a map from the numbers of sections.
function occurrences(part) {
  const often = new Map();
  for (const [, word, places] of Book.words.matchAll(/^(\S+) (.+)$/gm)) {
    let at = -1;
    if (word.includes(part))
      for (const [, skip, gap, count] of places.matchAll(/(\.*)([A-Za-z])(\d?)/g)) {
        at += GAPS.length * skip.length + GAPS.indexOf(gap) + 1;
        often.set(at, (often.get(at) || 0) + Number(count || 1));
      }
  }
  return often;
}

function found(words) {
  const often = words.map(occurrences), in_title = (title, word) => title.toLowerCase().split(word).length - 1;
  return Book.sections.map(([title, address], i) => {
    const [own, chapter = ""] = title.split(" · ");
    const hits = words.map((w, k) => 20 * in_title(own, w) + 8 * in_title(chapter, w) + Math.min(often[k].get(i) || 0, 15));
    return { title, address, score: Math.min(...hits) > 0 ? hits.reduce((a, b) => a + b) : 0 };
  }).filter(s => s.score > 0).sort((a, b) => b.score - a.score);
}

const texts = {};

function texts_of(page) {
  return texts[page] = texts[page] || new Promise(resolve => {
    const frame = make("iframe", { src: page + "?text", hidden: "", title: page });
    const hear = ({ source, data }) => {
      if (source !== frame.contentWindow) return;
      removeEventListener("message", hear);
      frame.remove();
      resolve(data);
    };
    addEventListener("message", hear);
    document.body.append(frame);
  });
}

function tell_texts() {
  const told = {};
  let label = "";
  each("main .equation[data-latex]", e => e.querySelector("math").replaceWith(e.dataset.latex));
  each("main math", m => { const a = m.querySelector("annotation"); if (a) m.replaceWith(a.textContent); });
  for (const e of document.getElementById("text").children) {
    if (e.tagName === "H1") continue;
    if (/^H/.test(e.tagName)) label = e.id;
    else told[label] = (told[label] || "") + " " + (e.querySelector(".chunk-name") || e).textContent.replace(/\s+/g, " ");
  }
  parent.postMessage(told, "*");
}

function excerpt(text, words) {
  const at = Math.min(...words.map(w => text.toLowerCase().indexOf(w)).filter(i => i >= 0), text.length);
  const part = text.slice(Math.max(0, at - 80), at + 160).replace(at > 80 ? /^\S*\s/ : "", ""), p = make("p");
  let rest = part;
  for (const m of part.matchAll(new RegExp(words.map(w => w.replace(/[^\w\s]/g, "\\$&")).join("|"), "gi"))) {
    const before = rest.indexOf(m[0]);
    p.append(rest.slice(0, before), make("mark", {}, m[0]));
    rest = rest.slice(before + m[0].length);
  }
  p.append(rest);
  return p;
}

const WORDS_MOST = 12;

async function search(list) {
  const q = new URLSearchParams(location.search).get("q") || "", count = document.getElementById("count");
  document.getElementById("words").value = q;
  const words = [...new Set(q.toLowerCase().match(/[\p{L}\p{N}_]+/gu))].slice(0, WORDS_MOST);
  if (!words.length) return;
  await Book.load("sections.js");
  const all = found(words), most = 50;
  count.textContent = all.length + (all.length === 1 ? " section" : " sections") + " with “" + words.join(" ") + "”"
    + (all.length > most ? "; the first " + most : "");
  const shown = all.slice(0, most).map(s => ({ ...s, item: make("li", {}, make("a", { href: s.address }, s.title), make("p")) }));
  list.append(...shown.map(s => s.item));
  for (const s of shown) {
    const [page, label] = s.address.split("#");
    const text = (await texts_of(page))[label || ""];
    if (text) s.item.querySelector("p").replaceWith(excerpt(text, words)); else s.item.querySelector("p").remove();
  }
}
function start_reading() {
  if (document.documentElement.dataset.preview) return;
  document.getElementById("bar").append(theme_button());
  each(".chunk", let_copy);
  reach_scrollers();
  document.fonts.ready.then(reach_scrollers);
  addEventListener("resize", reach_scrollers);
  watch_sections();
  document.getElementById("text").addEventListener("pointerover", offer_preview);
  document.getElementById("text").addEventListener("focusin", offer_preview);
  each("#results", search);
}

/* Answer exercises in the page */
/* Keep files in memory */
function file(bytes) { return { bytes: bytes, length: bytes.length }; }
function contents(f) { return f.bytes.subarray(0, f.length); }

function put(f, at, data) {
  const end = at + data.length;
  if (end > f.bytes.length) {
    const more = new Uint8Array(Math.max(2 * f.bytes.length, end, 256));
    more.set(contents(f));
    f.bytes = more;
  }
  f.bytes.set(data, at);
  f.length = Math.max(f.length, end);
}

/* Fetch the exercises */
Book.keys = {};
const unpacked = {};

async function key_file(name) {
  if (unpacked[name]) return unpacked[name];
  const stream = new Blob([bytes_of(Book.keys[name])]).stream().pipeThrough(new DecompressionStream("gzip"));
  return unpacked[name] = new Uint8Array(await new Response(stream).arrayBuffer());
}

// The folder of the grader with the keys of these exercises and the answers to them.
async function folder_for(exercises) {
  await Promise.all(exercises.map(x => Book.load("live/keys/" + x.file + ".js")));
  const files = { "key/contents": new TextEncoder().encode(exercises.map(x => x.file + "\n").join("")) };
  for (const x of exercises) files["key/" + x.file + ".key"] = await key_file(x.file + ".key");
  Object.assign(files, await networks_for(exercises, files));
  for (const x of exercises) {
    const text = answer_file(x);
    if (text !== undefined) files[x.file + x.suffix] = new TextEncoder().encode(text);
  }
  return files;
}

/* Draw the networks */
const networks = {};

async function networks_for(exercises, keys) {
  const which = exercises.map(x => x.file).join();
  networks[which] = networks[which] || draw_networks(keys);
  networks[which].catch(() => { delete networks[which]; });
  return networks[which];
}

async function draw_networks(keys) {
  const { files, err, status } = await checker.ask({ argv: ["record"], files: keys });
  if (status) throw new Error(err);
  return Object.fromEntries(Object.entries(files).filter(([name]) => !(name in keys)));
}

/* Remember answers */
function remembered(x) {
  try { return JSON.parse(kept("exercise:" + x.name)) || {}; } catch (error) { return {}; }
}
function remember(x, what) {
  keep("exercise:" + x.name, JSON.stringify({ ...remembered(x), ...what }));
}
function answer_file(x) { return remembered(x).text; }

/* Write an answer file */
const questions = x => x.kind === "shape" ? x.ask.split(" ; ") : [x.question];

function filled(x, answers) {
  if (x.kind !== "shape") return x.blank.trimEnd() + " " + answers[0].trim() + "\n";
  return x.blank.split("\n").map(line => {
    const at = questions(x).findIndex(q => line.startsWith(q + " :"));
    return at < 0 ? line : line + (answers[at].trim() ? " " + answers[at].trim() : "");
  }).join("\n");
}

function answers_in(x, text) {
  const lines = (text || "").split(/\r?\n/).filter(l => !l.startsWith("%"));
  if (x.kind === "shape") return questions(x).map(q => {
    const line = lines.find(l => l.startsWith(q + " :")) || lines.find(l => l.replace(/\s*:.*/, "") === q);
    return line ? line.slice(line.indexOf(":") + 1).trim() : "";
  });
  const rest = lines.join("\n").trim(), question = x.question.trim();
  if (!rest.startsWith(question)) return [rest];
  return [rest.slice(question.length).replace(/^\s*=\s*/, "")];
}

/* Ask the grader */
async function grade(x) {
  const files = await folder_for([x]);
  const { out, err } = await checker.ask({ argv: ["grade", String(x.number)], files: files });
  const [head, ...rest] = out.trimEnd().split("\n");
  return { state: state_in(head), text: rest.map(l => l.replace(/^ {6}/, "")).join("\n") + err };
}

function state_in(line) {
  return (line.match(/(right|wrong|could not run|not attempted) +[\d.]+\/\d+$/) || [, "could not run"])[1];
}

async function grade_all(exercises) {
  if (!exercises.length) return;
  const { out } = await checker.ask({ argv: ["grade"], files: await folder_for(exercises) });
  const lines = new Map(out.split("\n").map(line => [Number(line.slice(0, 3)), line]));
  for (const x of exercises) remember(x, { state: state_in(lines.get(x.number) || "") });
}

/* Set text with formulas */
async function with_formulas(text, place) {
  await Book.load("live/temml.js");
  place.replaceChildren();
  for (const [i, piece] of text.split("$").entries()) {
    if (i % 2 === 0) { place.append(...with_references(piece)); continue; }
    const holder = make("span");
    temml.render(piece, holder, { throwOnError: false, macros: { ...MACROS } });
    place.append(...holder.childNodes);
  }
  return place;
}

function with_references(text) {
  return text.split(/\b(eq:[\w-]*\w)/).map((part, i) => {
    const number = i % 2 && document.getElementById(part) && document.getElementById(part).querySelector(".number");
    return number ? make("a", { href: "#" + part }, number.textContent.trim()) : part;
  });
}

/* Show an exercise */
function prepare_exercise(place) {
  const x = { name: place.id.replace(/^ex:/, "") }, badge = make("span", { class: "badge" });
  let desk;
  const what = place.dataset.kind === "code" ? "How to do it" : "Answer it here", b = button(what, async () => {
    await Book.load("live/exercises.js");
    const all = Book.exercises.find(e => e.name === x.name);
    desk = desk || show_exercise(all, () => show_badge(badge, x));
    const closed = !desk.isConnected;
    if (closed) place.append(desk); else desk.remove();
    b.setAttribute("aria-expanded", String(closed));
    const field = desk.querySelector("input, textarea");
    if (closed && field) field.focus({ preventScroll: true });
  }, { class: "answer", "aria-expanded": "false", "aria-label": what + ": " + place.querySelector("p").textContent });
  place.append(make("p", { class: "buttons" }, b, badge));
  show_badge(badge, x);
}

function show_badge(badge, x) {
  const { state } = remembered(x);
  badge.textContent = state === "right" ? "✓ right" : state === "wrong" ? "✗ not yet right" : "";
  badge.className = "badge " + (state || "");
}

const ANSWER_MOST = 20000;

function show_exercise(x, changed) {
  const said = make("div", { class: "verdict", role: "status" }), hints = make("ol", { class: "hints" });
  const desk = make("div", { class: "bench", role: "group", "aria-label": "Exercise " + x.number });
  if (x.kind === "code") desk.append(...code_exercise(x));
  else {
    const fields = questions(x).map((q, i) => field_for(x, q, answers_in(x, answer_file(x))[i] || ""));
    const check = button("Check it", async () => {
      const text = filled(x, fields.map(f => f.field.value));
      if (text.length > ANSWER_MOST) { show_failure(said, `an answer has at most ${ANSWER_MOST} characters, and this has ${text.length}`); return; }
      remember(x, { text });
      await show_grade(x, said);
      changed();
    });
    if (x.kind === "shape") desk.addEventListener("keydown", e => { if (e.key === "Enter" && e.target.tagName === "INPUT") check.click(); });
    folder_for([x]).catch(() => {});
    desk.append(...fields.map(f => f.element), make("p", { class: "buttons" }, check, hint_button(x, hints)), said, hints);
    return desk;
  }
  desk.append(make("p", { class: "buttons" }, hint_button(x, hints)), hints);
  return desk;
}

function field_for(x, question, answer) {
  const shape = x.kind === "shape", label = make("span", {}, question), view = make("div", { class: "typeset", "aria-hidden": "true" });
  const field = make(shape ? "input" : "textarea", { spellcheck: "false", autocapitalize: "off", autocomplete: "off",
    "aria-label": (shape ? "Shape of " : "Right side of ") + question, ...(shape ? { placeholder: "n_t x n_{t-1}" } : { rows: "3" }) });
  field.value = answer;
  const follow = () => typeset(question + " = " + field.value, view);
  if (shape) with_formulas("$\\displaystyle " + question + "$", label);
  else { field.addEventListener("input", follow); follow(); }
  return { field: field, element: shape ? make("label", { class: "shape-field" }, label, field) : make("div", {}, view, field) };
}

function hint_button(x, list) {
  const hints = x.hints.split("\n").filter(h => h), read = remembered(x).hints || 0;
  const add = i => { const li = make("li"); list.append(li); with_formulas(hints[i], li); };
  for (let i = 0; i < Math.min(read, hints.length); i++) add(i);
  const b = button("", () => {
    add(list.childElementCount);
    remember(x, { hints: list.childElementCount });
    name();
  });
  const name = () => {
    const left = hints.length - list.childElementCount;
    b.textContent = left ? "Hint " + (list.childElementCount + 1) + " of " + hints.length : "No more hints";
    b.disabled = !left;
  };
  name();
  return b;
}

const TERMINAL = 72;

function unbroken(text) {
  return text.replace(/^(?![\\$])(.*\S)\n(?=(\S+))/gm, (all, line, word) => line.length + word.length < TERMINAL ? all : line + " ");
}

async function show_grade(x, said) {
  said.setAttribute("aria-busy", "true");
  try {
    const { state, text } = await grade(x);
    remember(x, { state: state });
    said.className = "verdict " + (state === "right" ? "ok" : state);
    const words = make("span", { class: "grade" });
    const solved = x.kind === "derivation" ? text.replace(/^\\.*$/m, "$$$&$$") : text;
    if (state === "right") await with_formulas(unbroken(solved), words); else words.textContent = text;
    said.replaceChildren(make("strong", {}, state), make("br"), words);
  } catch (error) { show_failure(said, error); }
  said.removeAttribute("aria-busy");
}

function code_exercise(x) {
  const commands = "make exercises\ncd exercises\n$EDITOR " + x.file + ".c\nmake check EX=" + x.number;
  return [make("p", {}, "This one is a function in C. The kit compiles it, runs it in a sandbox and compares its numbers:"),
    make("pre", { tabindex: "0" }, commands), make("p", {}, "The file begins like this:"), make("pre", { tabindex: "0" }, x.blank)];
}

/* Count the progress */
async function fill_progress(place) {
  await Promise.all(["live/exercises.js", "live/places.js"].map(Book.load));
  const table = make("table", {}, make("caption", {}, "What was answered in this browser"),
    make("thead", {}, make("tr", {}, ...["exercise", "kind", "points", "state"].map(t => make("th", { scope: "col" }, t)))));
  const rows = Book.exercises.map(x => make("tr", {}, make("th", { scope: "row" },
    make("a", { href: Book.places["ex:" + x.name] + "#ex:" + x.name }, x.number + ". " + x.title)),
    make("td", {}, x.kind === "code" ? "C, in the kit" : x.kind), make("td", {}, String(x.points)),
    make("td", {}, remembered(x).state || "")));
  table.append(make("tbody", {}, ...rows));
  place.replaceChildren(summary(), carriage(), make("div", { class: "table" }, table));
}

function summary() {
  const done = list => list.filter(x => remembered(x).state === "right");
  const points = list => list.reduce((sum, x) => sum + x.points, 0);
  const bars = make("dl", { class: "bars" });
  for (const page of new Set(Book.exercises.map(x => Book.places["ex:" + x.name]))) {
    const here = Book.exercises.filter(x => Book.places["ex:" + x.name] === page), right = done(here).length;
    bars.append(make("dt", {}, Book.places[page]), make("dd", {},
      make("meter", { max: here.length, value: right, "aria-label": Book.places[page] }), " " + right + " of " + here.length));
  }
  return make("div", {}, make("p", { id: "sum" }, points(done(Book.exercises)) + " of " + points(Book.exercises) + " points"), bars);
}

/* Carry answers out and in */
const BLOCK = 512;

function archive(files) {
  const whole = file(new Uint8Array(0));
  for (const [name, bytes] of Object.entries(files)) {
    const head = new Uint8Array(BLOCK);
    const field = (at, text) => head.set(new TextEncoder().encode(text), at);
    const octal = (number, digits) => number.toString(8).padStart(digits, "0") + "\0";
    field(0, name); field(100, octal(0o644, 7)); field(108, octal(0, 7)); field(116, octal(0, 7));
    field(124, octal(bytes.length, 11)); field(136, octal(0, 11)); field(148, " ".repeat(8));
    field(156, "0"); field(257, "ustar\x0000");
    field(148, octal(head.reduce((sum, b) => sum + b, 0), 6));
    put(whole, whole.length, head);
    put(whole, whole.length, bytes);
    whole.length = BLOCK * Math.ceil(whole.length / BLOCK);
    put(whole, whole.length, new Uint8Array(0));
  }
  put(whole, whole.length, new Uint8Array(2 * BLOCK));
  return contents(whole);
}

function unarchived(name, bytes) {
  if (!name.endsWith(".tar")) return { [name]: bytes };
  const files = {}, text = (at, size) => new TextDecoder().decode(bytes.subarray(at, at + size)).replace(/\0.*/s, "");
  for (let at = 0, size; at + BLOCK <= bytes.length && bytes[at];) {
    size = parseInt(text(at + 124, 12), 8);
    if (!(size >= 0)) throw new Error(name + " is not an archive of answers");
    files[text(at, 100).replace(/.*\//, "")] = bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + BLOCK * Math.ceil(size / BLOCK);
  }
  return files;
}

async function graded_files() {
  const folder = await folder_for(Book.exercises);
  const { files } = await checker.ask({ argv: ["grade"], files: folder });
  return Object.fromEntries(Object.entries(files).filter(([name]) => !/^(key\/|\.)/.test(name)));
}

async function carry_out(said) {
  said.textContent = "…";
  try {
    const data = new Blob([archive(await graded_files())], { type: "application/x-tar" });
    const link = make("a", { href: URL.createObjectURL(data), download: "answers.tar" });
    link.click();
    said.textContent = "answers.tar: the answer files and results.json";
  } catch (error) { show_failure(said, error); }
}

async function carry_in(list) {
  const came = new Set();
  let failed = "";
  try {
    for (const f of list)
      for (const [name, bytes] of Object.entries(unarchived(f.name, new Uint8Array(await f.arrayBuffer())))) {
        const x = Book.exercises.find(e => name === e.file + e.suffix || name.replace(/^\d+-/, "") === e.name + e.suffix);
        if (!x || x.kind === "code" || bytes.length > ANSWER_MOST) continue;
        remember(x, { text: new TextDecoder().decode(bytes) });
        came.add(x);
      }
    await grade_all([...came]);
  } catch (error) { failed = "; " + error.message; }
  await fill_progress(document.getElementById("progress"));
  document.getElementById("carried").textContent = came.size + (came.size === 1 ? " answer was read" : " answers were read") + failed;
}

function carriage() {
  const said = make("span", { role: "status", id: "carried" });
  const chosen = make("input", { type: "file", multiple: "", accept: ".tar,.txt", hidden: "", id: "answers",
    onchange: () => carry_in([...chosen.files]) });
  const forget = () => {
    if (!confirm("Forget all answers in this browser?")) return;
    for (const x of Book.exercises) keep("exercise:" + x.name, null);
    fill_progress(document.getElementById("progress"));
  };
  return make("p", { class: "buttons" }, button("Save my answers as a file", () => carry_out(said)),
    button("Read answers from a file", () => chosen.click()), button("Forget my answers", forget), chosen, said);
}

/* Let the network speak */
class Voice extends Program {
  settle(id, data) {
    if (data.progress) this.waiting.get(id).progress(data.progress); else super.settle(id, data);
  }
  listen(progress) { this.waiting.get(this.last).progress = progress; }
  stop() { this.worker.postMessage({ stop: true }); }
}
const voice = new Voice("voice", 3600), pupil = new Voice("voice", 3600);
/* Show what was said */
const shown = code => code === 10 ? "↵\n" : String.fromCodePoint(code);

function show_said(said, unit, place, look) {
  place.replaceChildren(...said.map(({ code, state, heard }, i) => {
    const h = state[unit], share = Math.round(100 * Math.min(1, Math.abs(h)) * 0.55);
    return make("span", { class: heard ? "heard" : "drawn", "data-at": String(i),
      style: `background: color-mix(in srgb, ${h < 0 ? "#3a7bd5" : "#d5433a"} ${share}%, transparent)` }, shown(code));
  }));
  let at = said.length - 1;
  const go = i => {
    place.children[at].classList.remove("at");
    at = Math.max(0, Math.min(said.length - 1, i));
    place.children[at].classList.add("at");
    look(at);
  };
  place.onpointerover = e => { if (e.target.dataset.at) go(Number(e.target.dataset.at)); };
  place.onkeydown = e => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (!step) return;
    go(at + step);
    place.children[at].scrollIntoView({ block: "nearest" });
    e.preventDefault();
  };
}

function show_bars(place, title, chances, code) {
  const rows = chances.map(([c, q]) => make("tr", c === code ? { class: "chosen" } : {},
    make("th", { scope: "row" }, c === 10 ? "↵" : c === 32 ? "␣" : String.fromCodePoint(c)),
    make("td", {}, make("span", { class: "bar", style: `width: ${(9 * q).toFixed(2)}rem` })), make("td", {}, q.toFixed(3))));
  place.replaceChildren(make("caption", {}, title), make("tbody", {}, ...rows));
}

/* Fill the page of the network */
// The number in a field, within its bounds.
function number_in(field, otherwise) {
  const x = Math.round(Number(field.value)) || otherwise;
  return Math.max(Number(field.min), Math.min(Number(field.max) || x, x));
}

function labelled(text, field) { return make("label", { class: "field" }, text + " ", field); }

function speaker_for(voice, prepare) {
  const prompt = make("input", { class: "prompt", value: "Ham. ", maxlength: "500" }), out = make("pre", { class: "said", tabindex: "0", role: "group", "aria-label": "What the network said; arrows move through it" });
  const tau = make("input", { type: "range", min: "0", max: "1.5", step: "0.05", value: "0.7" }), value = make("output", {}, "0.70");
  const unit = make("input", { type: "number", min: "1", value: "1" }), bars = make("table", { class: "chances" });
  const status = make("p", { role: "status", class: "verdict" });
  let heard = [];
  const look = i => show_bars(bars, "before “" + shown(heard[i].code).trim() + "”", heard[i].chances, heard[i].code);
  const paint = () => { if (heard.length) show_said(heard, number_in(unit, 1) - 1, out, look); };
  tau.addEventListener("input", () => { value.textContent = Number(tau.value).toFixed(2); });
  unit.addEventListener("input", paint);
  const talk = async () => {
    try {
      status.textContent = "…";
      unit.max = (await prepare()).hidden;
      const { said, next } = await voice.ask({ deed: "speak", prompt: prompt.value, length: 300, tau: Number(tau.value), seed: 1 + Math.floor(1e9 * Math.random()) });
      heard = said;
      paint();
      show_bars(bars, "what would come next", next);
      status.textContent = "";
    } catch (error) { show_failure(status, error); }
  };
  return make("div", { class: "bench" }, labelled("Beginning", prompt), labelled("Temperature", make("span", {}, tau, value)),
    labelled("Hidden unit", unit), make("p", { class: "buttons" }, button("Speak", talk)), status, make("div", { class: "spoken" }, out, bars));
}

function fill_speaker(place) {
  let loaded;
  place.append(speaker_for(voice, async () => {
    await Book.load("live/network.js");
    return loaded = loaded || await voice.ask({ deed: "load", network: Book.network });
  }));
}

/* Draw the curve */
const SVG = "http://www.w3.org/2000/svg";
function svg(tag, attributes, ...children) {
  const e = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

function draw_curve(place, losses, steps) {
  const top = Math.max(...losses.slice(0, 20), 1), x = i => 40 + 540 * i / steps, y = bits => 190 - 170 * bits / top;
  let mean = losses[0];
  const points = losses.map((loss, i) => x(i + 1).toFixed(1) + "," + y(mean = 0.9 * mean + 0.1 * loss).toFixed(1));
  const lines = [0, 1, 2, 3, 4, 5, 6, 7].filter(b => b <= top).map(b => svg("g", {},
    svg("line", { x1: 40, x2: 580, y1: y(b), y2: y(b) }), svg("text", { x: 30, y: y(b) + 4 }, String(b))));
  place.replaceChildren(svg("title", {}, "Bits per character after each of " + losses.length + " steps"),
    ...lines, svg("polyline", { points: points.join(" ") }), svg("text", { x: 580, y: 206 }, steps + " steps"));
  return mean;
}

/* Fill the page of the teacher */
function fill_teacher(place) {
  const text = make("textarea", { rows: "8", spellcheck: "false", "aria-label": "Text to learn" });
  const hidden = make("input", { type: "number", min: "4", max: "256", value: "64" });
  const steps = make("input", { type: "number", min: "20", max: "20000", value: "600" });
  const curve = svg("svg", { viewBox: "0 0 600 215", role: "img", class: "curve", "aria-label": "Bits per character, step by step" }), status = make("p", { role: "status" });
  const taught = {}, speaker = speaker_for(pupil, async () => taught), losses = [];
  const stop = button("Stop", () => pupil.stop(), { disabled: "" });
  const learn = button("Train", () => teach({ text, hidden, steps, curve, status, stop, learn, speaker, losses, taught }));
  text.value = EXAMPLE_TEXT;
  speaker.hidden = true;
  place.append(make("div", { class: "bench" }, text, labelled("Hidden units", hidden), labelled("Steps", steps),
    make("p", { class: "buttons" }, learn, stop), status, curve), speaker);
}

const TEXT_MOST = 3000000;

// A few words that a network has surely met, if this is its text.
function beginning_of(text) { return [...text.trimStart().slice(0, 40)].slice(0, 12).join("").replace(/\s\S*$/, " "); }

async function teach({ text, hidden, steps, curve, status, stop, learn, speaker, losses, taught }) {
  const length = 25, streams = Math.max(1, Math.min(16, Math.floor(text.value.length / (length * 8)))), all = number_in(steps, 600);
  losses.length = 0;
  learn.disabled = true;
  try {
    if (text.value.length > TEXT_MOST) throw new Error(`this text has ${text.value.length} characters, and here may have ${TEXT_MOST}`);
    Object.assign(taught, await pupil.ask({ deed: "begin", text: text.value, hidden: number_in(hidden, 64), length, streams, steps: all, rate: 0.0125, seed: 1 }));
    stop.disabled = false;
    const done = pupil.ask({ deed: "train" });
    await pupil.ready;
    pupil.listen(progress => {
      losses.push(...progress.losses);
      if (losses.length) status.textContent = `step ${losses.length} of ${all}, ${draw_curve(curve, losses, all).toFixed(2)} bits per character`;
    });
    await done;
    speaker.querySelector(".prompt").value = beginning_of(text.value);
    speaker.hidden = false;
  } catch (error) { show_failure(status, error); }
  learn.disabled = false;
  stop.disabled = true;
}

const EXAMPLE_TEXT = `This ae nighte, this ae nighte,
Every nighte and alle,
Fire and fleet and candle-lighte,
And Christe receive thy saule.

When thou from hence away art past,
Every nighte and alle,
To Whinny-muir thou com'st at last,
And Christe receive thy saule.

If ever thou gavest hosen and shoon,
Every nighte and alle,
Sit thee down and put them on,
And Christe receive thy saule.
`;

/* Start the page */
function each(selector, action) { document.querySelectorAll(selector).forEach(action); }

const preview_of_what = document.documentElement.dataset.preview;
if (preview_of_what === "text") tell_texts(); else start_reading();
if (Book.live && !preview_of_what) {
  each(".equation[data-latex]", prepare_equation);
  each("#try-equation", fill_try);
  each(".exercise[id^='ex:']", prepare_exercise);
  each("#progress", fill_progress);
  each("#speaker", fill_speaker);
  each("#teacher", fill_teacher);
}
