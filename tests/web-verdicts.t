#!/usr/bin/env node
// The programs in the pages say what the native ones say, to the word: every
// equation of the book, every wrong formula with a name, every spelling. Only
// rounding errors may have other digits, for the two C libraries' exp and
// tanh do not end in the same bit.
"use strict";
const fs = require("fs"), vm = require("vm");
const { build, ok, none, done, slurp, rows, said } = require("./Tap.js");

const scope = vm.createContext({ TextEncoder, TextDecoder, crypto: require("crypto").webcrypto, performance, WebAssembly });
const run = vm.runInContext(slurp("tangled/web/system.js") + "\nrun", scope);
const checker = new WebAssembly.Module(fs.readFileSync(build + "/web/checker.wasm"));
// A number below 1e-9 is a rounding error.
const calm = text => text.replace(/\b\d(\.\d)?e-(\d\d)\b/g, (all, d, digits) => digits > 9 ? "~0" : all).replace(/\b0\.0e\+00/g, "~0");

async function same(what, equations, theory) {
  const input = equations.join("\n") + "\n", options = theory ? ["--theory", theory] : [];
  const native = said(build + "/eqcheck", options, input).out.trimEnd().split("\n");
  const page = (await run(checker, { argv: ["eqcheck", ...options], input })).out.trimEnd().split("\n");
  ok(native.length === equations.length && page.length === equations.length, equations.length + " answers: " + what);
  none("the page says the same: " + what, native.map((n, i) => [n, page[i], equations[i]])
    .filter(([n, p]) => calm(n) !== calm(p || "")).map(([n, p, e]) => e + "\n  native: " + n + "\n  page:   " + p));
  return page;
}

// The folder of the page's grader for these exercises, with the networks that it draws.
async function drawn(keys, names) {
  const contents = { "key/contents": new TextEncoder().encode(names.map(n => n + "\n").join("")) };
  const files = Object.fromEntries(names.map(n => ["key/" + n + ".key", keys["key/" + n + ".key"]]));
  return run(checker, { argv: ["record"], files: { ...contents, ...files } });
}

// Line by line the page's tables are the kit's, but for the rounding of numbers.
async function same_networks(keys) {
  const names = new TextDecoder().decode(keys["key/contents"]).trim().split("\n");
  const { files, err } = await drawn(keys, names), far = [];
  const tables = Object.keys(keys).filter(n => !/\.key$|contents$/.test(n));
  ok(tables.length >= 15, tables.length + " tables of networks");
  for (const name of tables) {
    const native = new TextDecoder().decode(keys[name]).split("\n"), page = new TextDecoder().decode(files[name] || new Uint8Array()).split("\n");
    if (native.length !== page.length) far.push(`${name}: ${native.length} lines, and ${page.length} in the page`);
    else native.forEach((line, i) => { if (!close(line.split(" "), page[i].split(" "))) far.push(name + ": " + line + "\n" + page[i]); });
  }
  none("the page draws the networks of the kit by itself", err ? [err] : far);
}
const close = (a, b) => a.length === b.length && a.every((x, i) => x === b[i] || Math.abs(x - b[i]) <= 1e-9 * (1 + Math.abs(x)));

// The kit's grader, compiled as a student would, and the page's: all solutions, and all known mistakes.
async function grades() {
  const kit = fs.mkdtempSync("/tmp/web-kit-");
  fs.cpSync(build + "/exercise-kit/kit", kit, { recursive: true });
  said("make", ["-s", "build/grade"], "", kit);
  const keys = Object.fromEntries(fs.readdirSync(kit + "/key").map(n => ["key/" + n, new Uint8Array(fs.readFileSync(kit + "/key/" + n))]));
  await same_networks(keys);
  const [head, ...list] = slurp(build + "/exercise-kit/list.tsv").trimEnd().split("\n").map(l => l.split("\t"));
  const exercises = list.map(r => Object.fromEntries(head.map((h, i) => [h, r[i]]))).filter(x => x.kind !== "code");
  const shapes = Object.fromEntries(slurp(build + "/exercise-kit/shapes.tsv").trimEnd().split("\n").map(l => l.split("\t")).map(r => [r[0] + " " + r[1], r[2]]));
  const wrong = slurp(build + "/exercise-kit/wrong-formulas.tsv").trimEnd().split("\n").map(l => l.split("\t"));
  const differ = [], unsolved = [], unnamed = [];
  let answers = 0;
  for (const x of exercises) {
    const base = x.number.padStart(2, "0") + "-" + x.name, blank = slurp(kit + "/blank/" + base + ".txt");
    const fill = answer => blank.trimEnd() + " " + answer + "\n";
    const solution = x.kind === "shape"
      ? blank.replace(/^(?!%)(.+?) :$/gm, (all, q) => q + " : " + shapes[x.name + " " + q])
      : fill(x.answer);
    const mistakes = wrong.filter(w => w[0] === x.name);
    const own = (await drawn(keys, [base])).files;
    const texts = [solution, blank, ...mistakes.map(w => x.kind === "shape" ? blank.replace(" :", " : n_t") : fill(w[1]))];
    // The first shape is another, and the first whose axes differ has them swapped.
    if (x.kind === "shape") texts.push(solution.replace(/ : .*$/m, " : n_{t+1} x 1"), solution.replace(/( : )(\S+) [x×] (?!\2$)(\S+)$/m, "$1$3 x $2"));
    for (const [i, text] of texts.entries()) {
      fs.writeFileSync(kit + "/" + base + ".txt", text);
      const native = said(kit + "/build/grade", [x.number], "", kit);
      const page = await run(checker, { argv: ["grade", x.number], files: { ...own, [base + ".txt"]: new TextEncoder().encode(text) } });
      if (calm(native.out) !== calm(page.out) || native.err !== page.err) differ.push(base + ": " + text.trimEnd().split("\n").pop() + "\n" + native.out + native.err + "---\n" + page.out + page.err);
      if (i === 0 && !/ right +\d/.test(page.out.split("\n")[0])) unsolved.push(base + ": " + page.out);
      if (i > 1 && / right +\d/.test(page.out.split("\n")[0])) unnamed.push(base + ": " + text.trimEnd().split("\n").pop());
      answers++;
    }
    fs.rmSync(kit + "/" + base + ".txt");
  }
  fs.rmSync(kit, { recursive: true });
  ok(exercises.length >= 50 && answers > 150, answers + " answers to " + exercises.length + " exercises");
  none("the page's grader says what the kit's says", differ);
  none("each solution is right", unsolved);
  none("no mistake is", unnamed);
}

// What a program asks of its system, the system has; if not, no page could start it.
function imports() {
  for (const name of ["checker", "voice"]) {
    const asked = WebAssembly.Module.imports(new WebAssembly.Module(fs.readFileSync(build + "/web/" + name + ".wasm")));
    const has = vm.runInContext("new System([], {}, '').imports", scope);
    ok(asked.length > 5, name + " asks for " + asked.length + " functions");
    none("and the page has them", asked.filter(i => !has[i.module] || !has[i.module][i.name]).map(i => i.module + "." + i.name));
  }
}

(async () => {
  imports();
  const all = rows(build + "/equations.tsv"), mistakes = rows(build + "/wrong.tsv");
  const theory_of = row => (row[4].match(/theory="(\w+)"/) || [])[1];
  const theories = [...new Set(all.map(theory_of))];
  ok(theories.length >= 3, theories.length + " theories");
  for (const theory of theories) {
    const book = all.filter(r => theory_of(r) === theory), labels = new Set(book.map(r => r[0]));
    const name = theory || "the plain network";
    const executed = book.filter(r => !/\b(prose|inline|shape|seed)\b/.test(r[3])).map(r => r[5]);
    ok(executed.length > 40, executed.length + " executable equations of " + name + " are displayed");
    const answers = await same("the equations of " + name, executed, theory);
    none("and all of them are right", answers.filter(a => !/^ok /.test(a)));
    const said_of_it = book.filter(r => /\binline\b/.test(r[3]) && !/\bshape\b/.test(r[3])).map(r => r[5]);
    if (said_of_it.length) await same("the formulas in sentences about " + name, said_of_it, theory);
    const wrong = await same("the wrong formulas", mistakes.filter(r => labels.has(r[2])).map(r => r[4]), theory);
    none("none of them is right", wrong.filter(a => /^ok /.test(a)));
    ok(wrong.every(a => /mistake \d+, eq:/.test(a)), "each of them has its name",
      wrong.filter(a => !/mistake \d+, eq:/.test(a)).join("\n"));
  }
  await same("the README's equations", all.filter(r => /\bseed\b/.test(r[3])).map(r => r[5]));
  await same("equations in many hands", slurp("tangled/tests/spellings.txt").split("\n")
    .filter(l => /^\w+ \| /.test(l)).map(l => l.replace(/^\w+ \| /, "").trimEnd()));

  for (const name of fs.readdirSync("data/examples").filter(n => n.endsWith(".md") && n !== "README.md")) {
    const text = slurp("data/examples/" + name), files = { [name]: new TextEncoder().encode(text) };
    const native = said(process.cwd() + "/" + build + "/eqcheck", [name], "", "data/examples").out;
    const page = (await run(checker, { argv: ["eqcheck", name], files })).out;
    ok(native.length > 0 && calm(native) === calm(page), "the same report about " + name, native + "\n---\n" + page);
  }
  await grades();
  const lost = await run(checker, { argv: ["eqcheck", "none.md"] });
  ok(lost.status === 2 && /none\.md/.test(lost.err), "a file that is not there is missed by name", lost.err);
  done();
})();
