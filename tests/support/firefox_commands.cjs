// Loaded into Playwright's driver: Firefox has no command to emulate media features, and Playwright sends it for every new context.
// It is replaced by one that changes nothing. The colour scheme of Firefox is a preference instead, see `tests/support/firefox.py`.
const Module = require("module");
const compile = Module.prototype._compile;
Module.prototype._compile = function (content, filename, ...rest) {
  const isDriver = filename.endsWith("coreBundle.js");
  return compile.call(this, isDriver ? content.replaceAll('"emulation.setMediaFeaturesOverride"', '"session.status"') : content, filename, ...rest);
};
