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

async function same(what, equations) {
  const input = equations.join("\n") + "\n";
  const native = said(build + "/eqcheck", [], input).out.trimEnd().split("\n");
  const page = (await run(checker, { argv: ["eqcheck"], input })).out.trimEnd().split("\n");
  ok(native.length === equations.length && page.length === equations.length, equations.length + " answers: " + what);
  none("the page says the same: " + what, native.map((n, i) => [n, page[i], equations[i]])
    .filter(([n, p]) => calm(n) !== calm(p || "")).map(([n, p, e]) => e + "\n  native: " + n + "\n  page:   " + p));
  return page;
}

(async () => {
  const book = rows(build + "/equations.tsv");
  const executed = book.filter(r => !/\b(prose|inline|shape|seed)\b/.test(r[3])).map(r => r[5]);
  ok(executed.length > 100, executed.length + " executable equations are displayed");
  const answers = await same("the equations of the book", executed);
  none("and all of them are right", answers.filter(a => !/^ok /.test(a)));
  await same("the formulas in its sentences", book.filter(r => /\binline\b/.test(r[3]) && !/\bshape\b/.test(r[3])).map(r => r[5]));
  await same("the README's equations", book.filter(r => /\bseed\b/.test(r[3])).map(r => r[5]));
  const wrong = await same("the wrong formulas", rows(build + "/wrong.tsv").map(r => r[4]));
  none("none of them is right", wrong.filter(a => /^ok /.test(a)));
  ok(wrong.every(a => /mistake \d+, eq:/.test(a)), "each of them has its name",
    wrong.filter(a => !/mistake \d+, eq:/.test(a)).join("\n"));
  await same("equations in many hands", slurp("tangled/tests/spellings.txt").split("\n")
    .filter(l => /^\w+ \| /.test(l)).map(l => l.replace(/^\w+ \| /, "").trimEnd()));

  for (const name of fs.readdirSync("data/examples").filter(n => n.endsWith(".md") && n !== "README.md")) {
    const text = slurp("data/examples/" + name), files = { [name]: new TextEncoder().encode(text) };
    const native = said(process.cwd() + "/" + build + "/eqcheck", [name], "", "data/examples").out;
    const page = (await run(checker, { argv: ["eqcheck", name], files })).out;
    ok(native.length > 0 && calm(native) === calm(page), "the same report about " + name, native + "\n---\n" + page);
  }
  const lost = await run(checker, { argv: ["eqcheck", "none.md"] });
  ok(lost.status === 2 && /none\.md/.test(lost.err), "a file that is not there is missed by name", lost.err);
  done();
})();
