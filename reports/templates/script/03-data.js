// Data in a file of their own: `sopData(name)` decodes the global *name* once and resolves to the value (see reports/html/script_data.py).
(() => {
  "use strict";
  const loaded = new Promise((resolve) => { document.readyState === "complete" ? resolve() : addEventListener("DOMContentLoaded", resolve); });
  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
  // Five digits of base 85 are four bytes; of a last group of fewer, one byte less than digits.
  const unpacked = (text) => {
    const values = new Map([...DIGITS].map((digit, value) => [digit, value])), bytes = new Uint8Array(Math.floor(text.length * 4 / 5));
    for (let at = 0, to = 0; at < text.length; at += 5, to += 4) {
      let number = 0;
      for (let place = 0; place < 5; place++) number = number * 85 + (values.get(text[at + place]) ?? 84);
      for (let place = 0; place < 4 && to + place < bytes.length; place++) bytes[to + place] = Math.floor(number / 256 ** (3 - place)) % 256;
    }
    return bytes;
  };
  const decoded = async (name) => {
    await loaded;
    if (typeof window[name] === "string") {
      const stream = new Blob([unpacked(window[name])]).stream().pipeThrough(new DecompressionStream("deflate"));
      window[name] = JSON.parse(await new Response(stream).text());
    }
    return window[name];
  };
  const asked = new Map();
  window.sopData = (name) => {
    if (!asked.has(name)) asked.set(name, decoded(name));
    return asked.get(name);
  };
})();
