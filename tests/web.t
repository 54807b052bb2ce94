#!/usr/bin/env node
// The pages in a browser: what answers, without a server, and with nothing
// asked of anybody. Needs make deps-web.
"use strict";
const fs = require("fs"), path = require("path");
const { build, ok, none, done, said, fetched, site, packed } = require("./Tap.js");
const { chromium } = fetched("playwright-core");

const at = page => "file://" + path.resolve(build, "html") + "/" + page;
const complaints = [], strangers = [];

// A page of its own, whose complaints and requests are kept.
async function open(browser, address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120e3);
  page.on("console", m => { if (/error|warning/.test(m.type())) complaints.push(address + ": " + m.text()); });
  page.on("pageerror", e => complaints.push(address + ": " + e.message));
  page.on("request", r => { if (!/^(blob:|data:)/.test(r.url()) && !r.url().startsWith(at(""))) strangers.push(r.url()); });
  await page.goto(at(address));
  return page;
}

const settled = ".bench .verdict:not([aria-busy])";
const verdict = async page => { await page.waitForSelector(settled); return page.locator(settled).first().textContent(); };

async function equations(browser) {
  const page = await open(browser, "time.html");
  const equation = page.locator("[id='eq:dh']"), editor = page.locator(".bench textarea");
  await equation.locator("button.open").click();
  ok(/^ok \d/.test(await verdict(page)), "an equation opens, and is right");
  ok(await page.locator(".bench .typeset math msubsup").count() === 3, "and is typeset");
  await editor.fill("\\delta^h_t = \\delta^z_{t+1} W_{hh}");
  await page.waitForSelector(".bench .verdict.wrong:not([aria-busy])");
  const words = await verdict(page);
  ok(/^wrong at column \d+/.test(words) && /the present is forgotten/.test(words), "broken, it says which mistake that is", words);
  ok(/\n +\^/.test(words), "and a caret shows where");
  await page.click("text=Restore it");
  await page.waitForSelector(".bench .verdict.ok:not([aria-busy])");
  ok(await editor.inputValue() === await equation.getAttribute("data-latex"), "a button restores it");
  await page.click("text=Damage it");
  await page.waitForSelector(".bench .verdict:not(.ok):not([aria-busy])");
  ok(await editor.inputValue() !== await equation.getAttribute("data-latex"), "and one breaks it");
  await equation.locator("button.open").click();
  ok(await page.locator(".bench").count() === 0, "it closes");
  await equation.locator(".formula").click();
  ok(await page.locator(".bench").count() === 1, "a click on the formula opens it as well");
  const link = await page.locator(".bench a").getAttribute("href");
  const other = await open(browser, link);
  ok(await other.locator(".bench textarea").inputValue() === await editor.inputValue(), "a link carries the text");
}

async function every_equation_opens(browser) {
  const closed = [];
  let all = 0;
  for (const name of fs.readdirSync(path.join(build, "html")).filter(n => n.endsWith(".html"))) {
    const page = await open(browser, name);
    const counts = await page.evaluate(() => [document.querySelectorAll(".equation").length,
      document.querySelectorAll(".equation button.open").length]);
    if (counts[0] !== counts[1]) closed.push(name + ": " + counts);
    all += counts[0];
    await page.context().close();
  }
  ok(all > 150, all + " equations in the pages");
  none("each of them can be opened", closed);
}

async function keyboard(browser) {
  const page = await open(browser, "hidden.html");
  await page.locator(".equation button.open").first().focus();
  await page.keyboard.press("Enter");
  ok(await page.evaluate(() => document.activeElement.tagName) === "TEXTAREA", "Enter opens an equation, and its editor has the focus");
  await verdict(page);
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" + 1");
  await page.waitForSelector(".bench .verdict:not(.ok):not([aria-busy])");
  ok(/^(wrong|shape)/.test(await verdict(page)), "what is typed is judged");
}

async function notes(browser) {
  const page = await open(browser, "try.html");
  await page.click("text=Check it");
  await page.waitForFunction(() => /faults/.test(document.querySelector(".report").textContent));
  const report = await page.locator(".report").textContent();
  ok(/notes\.md:13:66: shape/.test(report) && /true would be, with a transpose/.test(report), "a derivation is checked line by line", report);
}

async function without_script(browser) {
  const page = await open(browser, "time.html", { javaScriptEnabled: false });
  ok(await page.locator("math").count() > 10 && await page.locator("button").count() === 0, "without JavaScript it is a book");
}

async function reading(browser) {
  const page = await open(browser, "time.html", { viewport: { width: 1440, height: 900 } });
  await page.keyboard.press("Tab");
  ok(await page.evaluate(() => document.activeElement.textContent) === "Skip to the text", "the first Tab offers to skip to the text");
  await page.keyboard.press("Enter");
  ok(await page.evaluate(() => document.activeElement.id) === "text", "and does");
  ok(await page.locator("#side a[aria-current=page]").textContent() === await page.locator("h1").evaluate(h => h.textContent.replace(/ *§$/, "")),
    "the contents at the side show the present chapter");
  const last = page.locator("main h2").last();
  await last.evaluate(h => h.scrollIntoView());
  await page.waitForFunction(() => document.querySelector("#side a[aria-current=location]"));
  const section = await page.locator("#side a[aria-current=location]").textContent();
  ok((await last.textContent()).startsWith(section), "and the present section", section);
  const names = await page.locator("nav, form[role=search]").evaluateAll(list => list.map(e => e.getAttribute("aria-label") || e.querySelector("input").getAttribute("aria-label")));
  ok(names.length === 3 && new Set(names).size === 3 && names.every(n => n), "landmarks have names", names.join(", "));
  const edges = await page.locator("mtd[columnalign=left] > mo:first-child").evaluateAll(list => list.slice(0, 2).map(m => m.getBoundingClientRect().left));
  ok(edges.length === 2 && Math.abs(edges[0] - edges[1]) < 1, "the lines of an aligned equation begin below each other", edges);
  await page.locator("a.arrow").last().click();
  ok(/hidden\.html$/.test(page.url()), "an arrow leads to the next chapter", page.url());
}

async function previews(browser) {
  const page = await open(browser, "time.html");
  const own = page.locator("main p a[href^='#eq:']").first(), other = page.locator("main p a[href*='.html#']").first();
  await own.hover();
  await page.waitForSelector(".preview math");
  ok(true, "a reference shows the equation that it refers to");
  await page.keyboard.press("Escape");
  ok(await page.locator(".preview").count() === 0, "Escape shuts the preview");
  await other.focus();
  await page.waitForSelector(".preview iframe");
  const frame = page.frameLocator(".preview iframe");
  ok(await frame.locator("main").count() === 1 && await frame.locator("#bar").isHidden(), "one to another page shows it, on focus too");
}

async function searching(browser) {
  const page = await open(browser, "index.html");
  await page.locator("#bar input").fill("vanishing gradient");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#results li mark");
  ok(/sections? with “vanishing gradient”/.test(await page.locator("#count").textContent()), "a search counts the sections");
  const first = await page.locator("#results a").first().textContent();
  ok(/^\d+ Vanishing and Exploding Gradients$/.test(first), "and the chapter comes first", first);
  await page.locator("#results a").first().click();
  ok(await page.locator("main h1").count() === 1 && !/search/.test(page.url()), "a result leads there");
}

async function colours(browser) {
  const page = await open(browser, "index.html", { colorScheme: "light" });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const day = await paper();
  await page.click(".theme");
  await page.click(".theme");
  const night = await paper();
  ok(day !== night, "a switch turns day into night");
  await page.goto(at("time.html"));
  ok(await paper() === night, "which the next page remembers");
}

async function copying(browser) {
  const page = await open(browser, "rows.html", { permissions: ["clipboard-read", "clipboard-write"] });
  const chunk = page.locator(".chunk:has(pre)").first();
  await chunk.locator("button.copy").click();
  await page.waitForFunction(() => document.querySelector(".copy").textContent === "copied");
  ok(await page.evaluate(() => navigator.clipboard.readText()) === await chunk.locator("pre").textContent(), "a button copies the code");
  await page.waitForFunction(() => document.querySelector(".copy").textContent === "copy", null, { timeout: 5000 });
  ok(true, "and is itself again");
}

// An exercise is opened, answered wrong, hinted at, answered right, and remembered.
async function exercises(browser) {
  const page = await open(browser, "characters.html", { acceptDownloads: true });
  const state = async (place, wanted) => {
    await place.locator(`.verdict:not([aria-busy]) strong:text-is("${wanted}")`).waitFor();
    return place.locator(".verdict").textContent();
  };
  const derivation = page.locator("[id='ex:pick-slope']");
  await derivation.locator("button.answer").click();
  await derivation.locator("textarea").fill("W_{xh}^\\top");
  await derivation.locator("text=Check it").click();
  ok(/the Jacobian has a row for each entry/.test(await state(derivation, "wrong")), "a wrong derivation is told which mistake it is");
  await derivation.locator("text=Hint 1 of").click();
  ok(await derivation.locator(".hints li").count() === 1 && await derivation.locator(".hints math").count() > 0, "hints come one at a time");
  await derivation.locator("textarea").fill("W_{xh}");
  await derivation.locator("text=Check it").click();
  const remark = await state(derivation, "right");
  ok(remark.length > 20 && !/[a-z]\n[a-z]/.test(remark), "the right one has its remark, in whole lines", remark);
  const answer = derivation.locator(".verdict a");
  ok(/^\(\d+\.\d+\)$/.test(await answer.textContent()) && await page.locator(await answer.getAttribute("href").then(h => `[id="${h.slice(1)}"]`)).count() === 1,
    "and says where it stands in the book");
  await page.goto(at("rows.html"));
  const shape = page.locator("[id='ex:row-shapes']");
  await shape.locator("button.answer").click();
  const answers = ["1 x n_t", "1 x l_t", "l_t x n_t", "n_t x n_t", "n_t x n_{t-1}", "n_t x n_{t-1}"];
  for (const [i, a] of answers.entries()) await shape.locator("input").nth(i).fill(i === 2 ? "n_t x l_t" : a);
  await shape.locator("text=Check it").click();
  ok(/the axes are swapped/.test(await state(shape, "wrong")), "a wrong shape is told what is wrong with it");
  await shape.locator("input").nth(2).fill(answers[2]);
  await page.keyboard.press("Enter");
  await state(shape, "right");
  ok(true, "and is right in the end");
  const code = page.locator("[id='ex:rows-sum']");
  await code.locator("button.answer").click();
  ok(await code.locator("button.answer").textContent() === "How to do it", "an exercise in C is not to be answered here");
  ok(/make check EX=8/.test(await code.textContent()) && await code.locator("text=Hint 1 of").count() === 1, "an exercise in C says how to do it in the kit");

  await page.reload();
  ok(/right/.test(await shape.locator(".badge").textContent()), "what was right is remembered");
  await page.goto(at("progress.html"));
  await page.waitForSelector("#sum");
  ok(/^2 of \d+ points$/.test(await page.locator("#sum").textContent()), "and counted", await page.locator("#sum").textContent());
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 120000 }), page.click("text=Save my answers as a file")]);
  const tar = await download.path(), folder = fs.mkdtempSync("/tmp/web-answers-");
  said("tar", ["-xf", tar, "-C", folder], "");
  const files = fs.readdirSync(folder).sort(), results = JSON.parse(fs.readFileSync(folder + "/results.json", "utf8"));
  ok(files.join(" ") === "02-pick-slope.txt 03-row-shapes.txt results.json", "the answers go out as the kit's files", files.join(" "));
  ok(results.tests.length > 70 && results.tests.filter(t => t.status === "passed").length === 2, "with the results of the grader");
  fs.copyFileSync(tar, folder + "/answers.tar");
  page.on("dialog", d => d.accept());
  await page.click("text=Forget my answers");
  await page.waitForFunction(() => /^0 of/.test(document.getElementById("sum").textContent));
  await page.setInputFiles("#answers", folder + "/answers.tar");
  await page.waitForFunction(() => /^2 of/.test(document.getElementById("sum").textContent), null, { timeout: 60000 });
  ok(true, "and come in again");
  fs.rmSync(folder, { recursive: true });
}

// The network of make train speaks, and another learns two hundred steps.
async function speaking(browser) {
  const page = await open(browser, "speak.html");
  await page.locator("#speaker input").first().fill("Ham. To be");
  await page.locator("#speaker >> text=Speak").click();
  await page.waitForSelector("#speaker .said span.drawn");
  const said = await page.locator("#speaker .said").textContent(), probable = await page.locator("#speaker .chances td:last-child").allTextContents();
  ok(said.startsWith("Ham. To be") && [...said].length >= 310 && /[a-z] [a-z]/.test(said), "the network goes on from a beginning", said);
  ok(probable.length === 8 && probable.every((q, i) => i === 0 || Number(q) <= Number(probable[i - 1])), "its choices are bars", probable.join(" "));
  const steps = [], paint = () => page.locator("#speaker .said span").evaluateAll(list => list.map(e => e.style.background).join());
  const before = await paint();
  await page.locator("#speaker input[type=number]").fill("7");
  ok(await paint() !== before, "another hidden unit has other colours");
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: 900, height: 700 });
  await page.waitForTimeout(200);
  await page.locator("#speaker .said").focus();
  for (const [key, places] of [["ArrowLeft", 2], ["ArrowRight", 1], ["ArrowLeft", 5], ["ArrowRight", 9]]) {
    for (let i = 0; i < places; i++) await page.keyboard.press(key);
    steps.push(await page.locator("#speaker .said .at").getAttribute("data-at"));
  }
  const last = await page.locator("#speaker .said span").count() - 1;
  ok(steps.join() === [last - 2, last - 1, last - 6, last].join(), "the arrows go through the text, in a window of another width too", steps.join());
  ok(/^before/.test(await page.locator("#speaker caption").textContent()), "and show what was possible there");
  const learner = page.locator("#teacher");
  await learner.locator("input").nth(0).fill("32");
  await learner.locator("input").nth(1).fill("200");
  await learner.locator("text=Train").click();
  await page.waitForFunction(() => /step 200 of 200/.test(document.querySelector("#teacher [role=status]").textContent), null, { timeout: 60000 });
  const bits = Number((await learner.locator("[role=status]").first().textContent()).match(/([\d.]+) bits/)[1]);
  const points = (await learner.locator("polyline").getAttribute("points")).split(" ").map(p => Number(p.split(",")[1]));
  ok(points.length === 200 && points[199] > points[0] + 40 && bits < 2.5, "two hundred steps, and the loss falls", points[0] + " " + points[199] + " " + bits);
  const curve = await learner.locator("svg g").evaluateAll(list =>
    list.slice(0, 2).map(g => Number(g.querySelector("line").getAttribute("y1"))));
  ok(Math.abs(bits - (curve[0] - points[199]) / (curve[0] - curve[1])) < 0.01, "what is told is where the curve ends", bits);
  await learner.locator("text=Speak").click();
  await page.waitForSelector("#teacher .said span.drawn");
  ok(await learner.locator(".said span.drawn").count() === 300 && (await learner.locator(".said").textContent()).startsWith("This ae "),
    "what was learned can speak, and begins as its text does");
  await learner.locator(".prompt").fill("Ham");
  await learner.locator("text=Speak").click();
  await learner.locator("text=the network has never met “H”").waitFor();
  ok(true, "a letter that it has never met is named");
  await learner.locator("input").nth(0).fill("256");
  await learner.locator("input").nth(1).fill("20000");
  await learner.locator("text=Train").click();
  await page.waitForFunction(() => /step [1-9]\d* of 20000/.test(document.querySelector("#teacher [role=status]").textContent));
  const before_that = await page.locator("#speaker .said").textContent();
  await page.locator("#speaker >> text=Speak").click();
  await page.waitForFunction(old => document.querySelector("#speaker .said").textContent !== old, before_that);
  const step_now = () => page.evaluate(() => Number(document.querySelector("#teacher [role=status]").textContent.match(/step (\d+)/)[1]));
  const heard_at = await step_now();
  await page.waitForFunction(n => Number(document.querySelector("#teacher [role=status]").textContent.match(/step (\d+)/)[1]) > n, heard_at);
  ok(true, "one network speaks while the other learns");
  await learner.locator("text=Stop").click();
  await page.waitForFunction(() => !document.querySelector("#teacher button").disabled);
  ok(await step_now() < 20000, "and training stops when it is asked to");
}

// What a reader has to load: the first page, and a folder as a whole.
async function sizes(browser) {
  const page = await browser.newPage(), asked = new Set();
  page.on("request", r => { if (r.url().startsWith(at(""))) asked.add(decodeURIComponent(r.url().slice(at("").length))); });
  await page.goto(at("index.html"));
  await page.evaluate(() => document.fonts.ready);
  const sum = list => [...list].reduce((bytes, name) => bytes + packed(name), 0);
  ok(asked.has("index.html") && asked.has("book.js") && sum(asked) < 150e3, "the first page with all that it loads is below 150 kB", [...asked] + ": " + sum(asked));
  const all = site();
  ok(all.length > 150 && sum(all) < 3e6, "and everything below 3 MB", all.map(n => [packed(n), n]).sort((a, b) => b[0] - a[0]).slice(0, 9).join("\n") + "\nof " + sum(all));
  await page.close();
}

// What a reader may paste, and what a browser may refuse.
async function rubbish(browser) {
  const page = await open(browser, "try.html"), editor = page.locator("#try-equation textarea");
  const after = async text => {
    await page.evaluate(t => { const e = document.querySelector("#try-equation textarea"); e.value = t; e.dispatchEvent(new Event("input")); }, text);
    await page.waitForTimeout(300);
    await page.waitForFunction(() => !document.querySelector("#try-equation .verdict").hasAttribute("aria-busy"));
    return page.locator("#try-equation .verdict").textContent();
  };
  await verdict(page);
  for (const [text, wanted, what] of [["h_t = ".padEnd(1e7, "x"), /characters, and an equation here may have/, "ten million letters"],
    ["(".repeat(4000) + "h_t" + ")".repeat(4000) + " = h_t", /^(ok|syntax|shape|wrong)/, "brackets in brackets"],
    ["{".repeat(9000), /^syntax/, "braces that never close"], ["\\frac".repeat(1500), /^syntax|nested too deeply/, "fractions of fractions of"],
    ["\u0000\uffff\ud800 = 💥", /^(syntax|unknown)/, "no letters"], ["<img src=x onerror=alert(1)> = h_t", /^(syntax|unknown)/, "a tag"],
    ["\\href{javascript:alert(1)}{h_t} = h_t", /^(syntax|unknown)/, "a link"], ["h_t = h_t\nh_t = h_t", /^(syntax|shape)/, "two equations"]])
  {
    const told = await after(text);
    ok(wanted.test(told), "the page answers to " + what, told);
  }
  ok(await page.locator("#try-equation .typeset img, #try-equation .typeset a").count() === 0, "and makes nothing of it that could act");
  ok(/^ok/.test(await after("h_t = \\tanh(z^h_t)")), "an equation is still right after all that");
  await page.evaluate(() => { document.querySelector("#try-notes textarea").value = "$$ x := y $$\n".repeat(8e4); });
  await page.click("text=Check it");
  await page.waitForFunction(() => /these notes have \d+ characters/.test(document.querySelector(".report").textContent));
  ok(true, "notes as long as a shelf of books are refused");
  for (const [deed, wanted] of [[() => { location.hash = "e=x_t"; }, "x_t"], [() => { location.hash = "e=y_t"; }, "y_t"], [() => history.back(), "x_t"]]) {
    await page.evaluate(deed);
    await page.waitForFunction(text => document.querySelector("#try-equation textarea").value === text, wanted);
  }
  ok(true, "another link in the address is followed, and the way back");
  const theory = await open(browser, "try.html#e=h_t&t=%3Cb%3E");
  ok(/theory/.test(await verdict(theory)), "a theory that there is not is named", await verdict(theory));
  const began = Date.now(), flood = await open(browser, "search.html?q=" + "abcdefghij".replace(/./g, a => "abcdefghij".replace(/./g, b => "abcdefghij".replace(/./g, c => a + b + c + "+"))));
  await flood.waitForFunction(() => /section/.test(document.getElementById("count").textContent));
  ok(Date.now() - began < 20e3, "a search for a thousand words ends soon", Date.now() - began);
  const chapter = await open(browser, "characters.html"), exercise = chapter.locator("[id='ex:pick-slope']");
  await exercise.locator("button.answer").click();
  await exercise.locator("textarea").waitFor();
  await chapter.evaluate(() => { document.querySelector("[id='ex:pick-slope'] textarea").value = "W".repeat(1e7); });
  await exercise.locator("text=Check it").click();
  await exercise.locator("text=an answer has at most").waitFor();
  ok(true, "an answer as long as a library is refused");
  const school = await open(browser, "speak.html");
  for (const [text, wanted] of [["too short", /too short/], ["x".repeat(4e6), /this text has \d+ characters/]]) {
    await school.evaluate(t => { document.querySelector("#teacher textarea").value = t; }, text);
    await school.locator("#teacher >> text=Train").click();
    await school.waitForFunction(w => new RegExp(w).test(document.querySelector("#teacher").textContent), wanted.source);
    ok(!await school.locator("#teacher button").first().isDisabled(), "a text of " + text.length + " characters is refused, and another may be tried");
  }
}

// Answers that come in broken, and a browser that keeps nothing.
async function broken_answers(browser) {
  const page = await open(browser, "progress.html");
  await page.waitForSelector("#sum");
  const tar = (size, name) => { const b = Buffer.alloc(1536); b.write(name, 0); b.write(size, 124); return b; };
  for (const [name, buffer, wanted] of [["a.tar", tar("-0000002000\0", "02-pick-slope.txt"), /not an archive/],
    ["b.tar", Buffer.from("no archive"), /^0 answers/], ["c.tar", tar("zzz\0", "x"), /not an archive/],
    ["02-pick-slope.txt", Buffer.alloc(1e7, 65), /^0 answers/], ["02-pick-slope.txt", Buffer.from([0, 255, 254, 10]), /^1 answer /]]) {
    await page.evaluate(() => { document.getElementById("carried").textContent = ""; });
    await page.setInputFiles("#answers", { name, mimeType: "application/octet-stream", buffer });
    await page.waitForFunction(() => /read/.test(document.getElementById("carried").textContent));
    const told = await page.locator("#carried").textContent();
    ok(wanted.test(told), "of a broken " + name + " the page says: " + told);
  }
  await page.evaluate(() => { localStorage["exercise:pick-slope"] = "{"; localStorage["exercise:row-shapes"] = "[5]"; });
  await page.reload();
  await page.waitForSelector("#sum");
  ok(/^0 of/.test(await page.locator("#sum").textContent()), "what was kept and is no answer does not count");
  const context = await browser.newContext();
  await context.addInitScript(() => { Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } }); });
  const private_page = await context.newPage(), faults = [];
  private_page.on("pageerror", e => faults.push(e.message));
  await private_page.goto(at("characters.html"));
  const exercise = private_page.locator("[id='ex:pick-slope']");
  await exercise.locator("button.answer").click();
  await exercise.locator("textarea").fill("W_{xh}");
  await exercise.locator("text=Check it").click();
  await exercise.locator('.verdict:not([aria-busy]) strong:text-is("right")').waitFor();
  none("where the browser keeps nothing an exercise is graded all the same", faults);
}

// The same pages from the server.
async function served(browser) {
  const port = 8600 + process.pid % 300;
  const server = require("child_process").spawn("perl", ["tangled/web/serve.pl", build + "/html", String(port)]);
  await new Promise(resolve => server.stdout.once("data", resolve));
  const page = await browser.newPage(), asked = [];
  page.on("response", r => asked.push([r.status(), r.url()]));
  await page.goto(`http://127.0.0.1:${port}/time.html`);
  await page.locator("[id='eq:dh'] button.open").click();
  ok(/^ok \d/.test(await verdict(page)), "an equation answers from make serve as well");
  const away = await page.request.get(`http://127.0.0.1:${port}/..%2f..%2fMakefile`);
  ok(away.status() === 404, "which gives nothing outside its folder");
  none("and finds all that a page asks for", asked.filter(([status, url]) => status !== 200 && !/favicon/.test(url)).map(String));
  server.kill();
}

// What axe looks at grows with the page faster than what it can find: of what is made by one
// template a few dozen are enough.
function thin() {
  for (const [many, few] of [["main .chunk", 25], ["main tr", 40], ["main .line-block a", 150], ["main li", 120], ["main .equation", 12]])
    [...document.querySelectorAll(many)].slice(few).forEach(e => e.remove());
}

// What stands beside an equation, and what shows that a long one goes on. The middle of a text is that of its letters.
async function margins(browser) {
  const page = await open(browser, "time.html", { viewport: { width: 1440, height: 900 } });
  await page.evaluate(() => document.fonts.ready);
  const apart = await page.evaluate(() => [...document.querySelectorAll(".equation")].map(e => {
    const middle = x => {
      const range = document.createRange(), last = x.querySelector("button");
      range.selectNodeContents(x);
      if (last) range.setEndBefore(last);
      const box = range.getBoundingClientRect();
      return (box.top + box.bottom) / 2;
    };
    return [e.id, Math.abs(middle(e.querySelector(".number")) - middle(e.querySelector(".mark")))];
  }));
  ok(apart.length > 20, "there are equations");
  none("each verdict stands at the height of its number", apart.filter(a => a[1] > 3).map(String));
  await page.setViewportSize({ width: 390, height: 900 });
  const dead = await page.evaluate(() => [...document.querySelectorAll(".equation .formula")]
    .filter(f => f.scrollWidth > f.clientWidth).map(f => getComputedStyle(f).backgroundAttachment));
  ok(dead.length > 0, "on a phone some formulas go on behind the edge");
  none("which is in shade", dead.filter(a => !/scroll/.test(a)));
}

// What a screen reader could not read, what is too wide for a phone, and a page without neighbours.
async function every_page(browser) {
  const axe = fs.readFileSync(path.join(build, "web/packages", fs.readdirSync(path.join(build, "web/packages")).find(n => /^axe/.test(n)), "axe.min.js"), "utf8");
  const findings = [], wide = [], echoes = [], modes = [["light", 390], ["dark", 390], ["dark", 1440], ["light", 1440]];
  const pages = fs.readdirSync(path.join(build, "html")).filter(n => n.endsWith(".html"));
  let looks = 0;
  const look = async names => {
    const page = await (await browser.newContext()).newPage();
    // A page hears of its new size before the next frame.
    const as = async (colorScheme, width) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    };
    for (const name of names) {
      await page.goto(at(name));
      await page.evaluate(() => document.fonts.ready);
      echoes.push(...await page.locator("figure:has(figcaption) img").evaluateAll(list => list
        .filter(i => !i.alt || i.closest("figure").textContent.includes(i.alt)).map(i => i.src)));
      for (const width of [390, 1440]) {
        await as("light", width);
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(name + " at " + width);
      }
      await page.evaluate(thin);
      await page.evaluate(axe);
      for (const [colorScheme, width] of modes) {
        await as(colorScheme, width);
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        looks++;
        for (const v of found.violations.filter(f => /serious|critical/.test(f.impact)))
          findings.push(`${name}, ${colorScheme}, ${width}: ${v.id}, ${v.nodes.length} times, ${v.nodes[0].html.slice(0, 120)}`);
      }
    }
  };
  await Promise.all([0, 1].map(half => look(pages.filter((name, i) => i % 2 === half))));
  ok(pages.length > 40 && looks === 4 * pages.length, pages.length + " pages, by day and by night, on a phone and on a wide screen");
  none("none is wider than the screen", wide);
  none("axe finds nothing serious or critical", findings);
  none("each figure is described in other words than its caption's", echoes);
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const parts = [equations, every_equation_opens, keyboard, notes, without_script, reading, previews, searching, colours,
      copying, exercises, speaking, rubbish, broken_answers, sizes, served, margins, every_page];
    for (const part of parts.filter(p => !process.env.ONLY || p.name.match(process.env.ONLY))) await part(browser);
  } catch (error) { ok(false, "the browser does what it is asked", error.stack); }
  await browser.close();
  none("no page complains", complaints);
  none("no request leaves the folder", strangers);
  done();
})();
