// What the tests in JavaScript share: ok, and what they need to find things.
"use strict";
const fs = require("fs"), path = require("path"), { execFileSync, spawnSync } = require("child_process");
let count = 0, failed = 0;

exports.build = process.env.BUILD || "build";
exports.ok = (fine, what, why) => {
  console.log((fine ? "ok " : "not ok ") + ++count + " - " + what);
  if (!fine) failed++;
  if (!fine && why !== undefined) console.log(String(why).replace(/^/gm, "# "));
};
exports.none = (what, list) => exports.ok(list.length === 0, what, list.slice(0, 10).join("\n"));
exports.done = () => { console.log("1.." + count); process.exitCode = failed ? 1 : 0; };

exports.slurp = file => fs.readFileSync(file, "utf8");
// All files of the pages, and how many bytes one has when a server has packed it.
exports.site = () => {
  const html = path.join(exports.build, "html");
  return fs.readdirSync(html, { recursive: true }).filter(n => fs.statSync(path.join(html, n)).isFile());
};
exports.packed = name => require("zlib").gzipSync(fs.readFileSync(path.join(exports.build, "html", name)), { level: 9 }).length;
// The rows of a table, without its head.
exports.rows = file => exports.slurp(file).trimEnd().split("\n").slice(1).map(l => l.split("\t"));
// What a program says to this input, whatever its status.
exports.said = (command, args, input, cwd) => {
  const { stdout, stderr, error } = spawnSync(command, args, { input, cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (error) throw error;
  return { out: stdout, err: stderr };
};
// A package that make deps-web has fetched.
exports.fetched = name => {
  const folder = path.join(exports.build, "web", "packages");
  const found = fs.readdirSync(folder).filter(n => n.startsWith(name + "-"));
  return require(path.resolve(folder, found[0]));
};
