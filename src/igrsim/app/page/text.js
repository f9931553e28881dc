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
