/** What a document does not say; the same as in scenario.py. */
export const USUAL = { scope: "pilots", start: "2019-04-01", months: 36, citizens: 2000, worlds: 8, futures: 8, seed: 20190821 };
export const VERSION = 1;

/** A document with everything said. */
export function whole(document) {
  return { ...USUAL, ...document };
}

/** The document as it stands after the # of a link. */
export function toLink(document) {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** What is looked at, as it stands in a link after the document; nothing where it is what is seen first. */
export function viewOf({ metric, month, kind }, first) {
  const said = { ...(metric !== first && { metric }), ...(month >= 0 && { month }), ...(kind !== "map" && { kind }) };
  return Object.entries(said).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");
}

/** What a link says of what is looked at. */
export function viewIn(link) {
  const said = new URLSearchParams(link.slice(1).split("&").slice(1).join("&")), month = Number.parseInt(said.get("month") ?? "-1", 10);
  return { metric: said.get("metric"), month: month >= 0 ? month : -1, kind: said.get("kind") === "squares" ? "squares" : "map" };
}

/** The document of a link, or null where it is none. */
export function fromLink(text) {
  try {
    const bytes = Uint8Array.from(atob(text.split("&")[0].replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    const found = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return found.version === VERSION && Array.isArray(found.arms) && found.arms.length >= 2 ? found : null;
  } catch {
    return null;
  }
}

/** Two arms of a document or payload, by which a saved study is known again whatever the order of keys. */
export function sameArm(one, other) {
  const said = (arm) => JSON.stringify([arm.regime, arm.rollout ?? null, Object.entries(arm.set ?? {}).sort(), arm.add ?? [], arm.drop ?? [], arm.money ?? null, arm.specialists ?? null]);
  return said(one) === said(other);
}

/** Every saved study's reference with each of its other arms, and the scenario of the two where it is one. */
export function savedPairs(saved) {
  return saved.flatMap((payload) => payload.arms.filter((arm) => arm.name !== payload.reference).map(({ name }) => {
    const arms = payload.scenario?.arms ?? [], mine = arms.find((arm) => arm.name === name);
    return { payload, arm: name, document: mine ? { ...payload.scenario, arms: [arms[0], mine] } : null };
  }));
}

/** The link of a saved comparison that is no scenario. */
export function savedLink(payload, arm) {
  return `#saved=${payload.study}.${arm}`;
}

/** The saved study that answers a document, and which of its arms; null where none does. */
export function savedAnswer(saved, document) {
  const asked = whole(document);
  for (const payload of saved) {
    if (!payload.scenario) continue;
    const has = whole(payload.scenario);
    if (Object.keys(USUAL).some((key) => JSON.stringify(has[key]) !== JSON.stringify(asked[key]))) continue;
    const arm = has.arms.slice(1).find((each) => sameArm(each, asked.arms[1]));
    if (arm && asked.arms.length === 2 && sameArm(has.arms[0], asked.arms[0])) return { payload, arm: arm.name };
  }
  return null;
}
