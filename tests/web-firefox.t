#!/usr/bin/env node
// The pages in Firefox, from the disk: an equation answers, an exercise is
// graded, the search finds, the font is there. Firefox is driven by its own
// Marionette, for playwright's Firefox is another. Skipped where there is none.
"use strict";
const fs = require("fs"), net = require("net"), path = require("path"), { spawn, spawnSync } = require("child_process");
const { build, ok, none, done } = require("./Tap.js");

const firefox = process.env.FIREFOX || "firefox-esr";
const at = page => "file://" + path.resolve(build, "html") + "/" + page;

// A connection on which each message is its length, a colon, and a list: [0, number, command, parameters].
class Marionette {
  constructor(socket) {
    Object.assign(this, { socket, text: Buffer.alloc(0), waiting: new Map(), last: 0 });
    socket.on("data", data => this.take(data));
  }
  take(data) {
    this.text = Buffer.concat([this.text, data]);
    for (let colon; (colon = this.text.indexOf(":")) > 0;) {
      const length = Number(this.text.subarray(0, colon));
      if (this.text.length < colon + 1 + length) return;
      const message = JSON.parse(this.text.subarray(colon + 1, colon + 1 + length));
      this.text = this.text.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [resolve, reject] = this.waiting.get(message[1]);
      if (message[2]) reject(new Error(JSON.stringify(message[2]).slice(0, 400))); else resolve(message[3]);
    }
  }
  ask(command, parameters = {}) {
    const text = Buffer.from(JSON.stringify([0, ++this.last, command, parameters]));
    this.socket.write(text.length + ":");
    this.socket.write(text);
    return new Promise((resolve, reject) => this.waiting.set(this.last, [resolve, reject]));
  }
  // Waits until the script returns something, and returns that.
  async until(script) {
    for (let i = 0; i < 300; i++) {
      const { value } = await this.ask("WebDriver:ExecuteScript", { script, args: [], sandbox: null });
      if (value) return value;
      await new Promise(resolve => setTimeout(resolve, 200));
    }
    throw new Error("this never came true: " + script);
  }
}

async function connect(port) {
  for (let i = 0; i < 300; i++) {
    const socket = await new Promise(resolve => {
      const s = net.connect(port, "127.0.0.1", () => resolve(s));
      s.on("error", () => resolve(null));
    });
    if (socket) return new Marionette(socket);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error("Firefox does not listen");
}

async function look(m) {
  await m.ask("WebDriver:NewSession", {});
  await m.ask("WebDriver:Navigate", { url: at("time.html") });
  await m.until("document.querySelector(\"[id='eq:dh'] button.open\").click(); return true");
  const settled = "const v = document.querySelector('.bench .verdict'); return v && !v.hasAttribute('aria-busy') && v.textContent";
  const right = await m.until(settled);
  ok(/^ok \d/.test(right), "an equation answers from the disk", right);
  await m.until("const e = document.querySelector('.bench textarea'); e.value = '\\\\delta^h_t = \\\\delta^z_{t+1} W_{hh}'; e.dispatchEvent(new Event('input')); return true");
  const wrong = await m.until("const v = document.querySelector('.bench .verdict.wrong'); return v && v.textContent");
  ok(/the present is forgotten/.test(wrong), "broken, it says which mistake that is", wrong);
  const fonts = await m.until("return [...document.fonts].map(f => f.family + ' ' + f.status).join()");
  ok(/Book Mathematics"? loaded/.test(fonts), "the font for mathematics is loaded from the disk", fonts);
  await m.ask("WebDriver:Navigate", { url: at("characters.html") });
  await m.until("document.querySelector(\"[id='ex:pick-slope'] button.answer\").click(); return true");
  await m.until("const e = document.querySelector('.bench textarea'); if (!e) return; e.value = 'W_{xh}'; [...document.querySelectorAll('.bench button')][0].click(); return true");
  ok(await m.until("const s = document.querySelector('.bench .verdict strong'); return s && s.textContent") === "right", "an exercise is graded");
  await m.ask("WebDriver:Navigate", { url: at("search.html?q=softmax") });
  ok(await m.until("return document.querySelectorAll('#results li').length") > 3, "the search finds");
  await m.ask("WebDriver:Navigate", { url: at("speak.html") });
  await m.until("const b = document.querySelector('#speaker button'); if (!b) return; b.click(); return true");
  ok(await m.until("return document.querySelectorAll('.said .drawn').length") >= 300, "the network speaks");
}

(async () => {
  if (spawnSync(firefox, ["--version"]).error) { console.log("1..0 # SKIP there is no " + firefox); return; }
  const profile = fs.mkdtempSync("/tmp/web-firefox-"), port = 28000 + process.pid % 2000;
  fs.writeFileSync(profile + "/user.js", `user_pref("marionette.port", ${port});\n`);
  const program = spawn(firefox, ["--headless", "--marionette", "--no-remote", "--profile", profile], { stdio: "ignore" });
  try { await look(await connect(port)); } catch (error) { ok(false, "Firefox does what it is asked", error.stack); }
  program.kill();
  await new Promise(resolve => program.once("exit", resolve));
  fs.rmSync(profile, { recursive: true, force: true });
  done();
  process.exit();
})();
