import { h } from "../dom.js";
export async function show(root, place, app) {
  const catalogue = await app.call("project.catalogue");
  root.append(h("h1", {}, "Case"), h("p", {}, `${catalogue.sentences.length} sentences`));
}
