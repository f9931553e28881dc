/** An element with attributes and children; text is text, never markup. */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A number to three significant digits, thousands parted by thin spaces, as the reports write it. */
export function number(value) {
  if (value === null || !Number.isFinite(value)) return "not defined";
  if (value === 0) return "0";
  const place = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(3)))));
  if (place < -4) return value.toPrecision(3).replace("-", "\u2212");
  const [whole, part] = Math.abs(value).toFixed(Math.max(0, 2 - place)).split(".");
  const rounded = place > 2 ? String(Number(Number(whole).toPrecision(3))) : whole;
  const apart = rounded.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return (value < 0 ? "\u2212" : "") + apart + (part ? `.${part}` : "");
}

/** A number as it stands in the model's lists, thousands parted. */
export function stated(value) {
  return value === null ? "none" : value.toLocaleString("en", { maximumSignificantDigits: 15 }).replace(/,/g, "\u202f").replace("-", "\u2212");
}

/** Names of studies that nobody takes for one another: what is called the same is told by what differs, and copies by their number. */
export function namesApart(studies, called) {
  const parts = [(each) => `, ${[each.scope].flat().join(", ")}`, (each) => `, ${each.months.length} months`, (each) => `, ${each.worlds} worlds`, (each) => ` (${each.study})`];
  const alike = (names, n) => names.flatMap((name, i) => (name === names[n] ? [i] : []));
  let names = studies.map(called);
  for (const part of parts) names = names.map((name, n) => (new Set(alike(names, n).map((i) => part(studies[i]))).size > 1 ? name + part(studies[n]) : name));
  return names.map((name, n) => (alike(names, n).length > 1 ? `${name}, copy ${alike(names, n).indexOf(n) + 1}` : name));
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** "2019-04" as April 2019. */
export function monthName(label) {
  const [year, month] = label.split("-");
  return `${MONTHS[Number(month) - 1]} ${year}`;
}

/** Tell who cannot see the page what has changed. */
export function announce(words) {
  document.getElementById("said").textContent = words;
}

/** Put other children into an element. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}

/** A count with its word: 1 world, 2 worlds. */
export function many(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
