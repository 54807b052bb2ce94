#!/usr/bin/env node
// The pages in a browser: what answers, without a server, and with nothing
// asked of anybody. Needs make deps-web.
"use strict";
const fs = require("fs"), path = require("path");
const { build, ok, none, done, fetched } = require("./Tap.js");
const { chromium } = fetched("playwright-core");

const at = page => "file://" + path.resolve(build, "html") + "/" + page;
const complaints = [], strangers = [];

// A page of its own, whose complaints and requests are kept.
async function open(browser, address, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
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
  const said = await verdict(page);
  ok(/^wrong at column \d+/.test(said) && /the present is forgotten/.test(said), "broken, it says which mistake that is", said);
  ok(/\n +\^/.test(said), "and a caret shows where");
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

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    for (const part of [equations, every_equation_opens, keyboard, notes, without_script]) await part(browser);
  } catch (error) { ok(false, "the browser does what it is asked", error.stack); }
  await browser.close();
  none("no page complains", complaints);
  none("no request leaves the folder", strangers);
  done();
})();
