import { unpacked } from "./source.js";

/** The bytes of a study's paper: carried by the page, or asked of the server it came from. */
export async function paperBytes(study, paper) {
  if (paper.content) return unpacked(paper.content);
  const answer = await fetch(`api/papers/${study}/${paper.name}`);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return new Uint8Array(await answer.arrayBuffer());
}

const LEFT_OUT = new Set(["script", "style", "iframe", "frame", "object", "embed", "link", "meta", "base", "form", "title", "noscript", "foreignobject", "animate", "set", "template"]);
const HTML_SPACE = "http://www.w3.org/1999/xhtml";

/** Show an HTML paper within an element, apart from the page's own looks: its elements are built anew, nothing of it runs. */
export function showPaper(host, text) {
  const inside = host.shadowRoot ?? apart(host), looks = [];
  // looks are taken out before it is read: the page's policy holds for what is read, too
  const bare = text.replace(/<style\b[^>]*>([\s\S]*?)<\/style>/gi, (_, look) => { looks.push(look); return ""; }).replace(/\sstyle=(?=["'])/gi, " data-looks=").replace(/\son[a-z]+=/gi, " data-not=");
  const read = new DOMParser().parseFromString(bare, "text/html");
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || LEFT_OUT.has(node.localName.toLowerCase())) return null;
    const made = document.createElementNS(node.namespaceURI, node.localName === "body" && node.namespaceURI === HTML_SPACE ? "div" : node.localName);
    for (const { name, value } of node.attributes) {
      const plain = name.toLowerCase();
      if (plain.startsWith("on") || plain === "data-not") continue;
      if (plain === "data-looks") made.style.cssText = value;
      else if (plain === "href" || plain === "xlink:href" || plain === "src") {
        // a paper points within itself, and has its pictures in it
        if (value.startsWith("#") || (plain !== "href" && value.startsWith("data:image/"))) made.setAttribute(name, value);
      } else if (!["srcset", "action", "formaction", "ping", "background"].includes(plain)) made.setAttribute(name, value);
    }
    for (const child of node.childNodes) { const other = copy(child); if (other) made.append(other); }
    return made;
  };
  const body = copy(read.body);
  body.classList.add("paper-body");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks.join("\n").replace(/:root\b/g, ":host").replace(/(^|[\s,}])(html|body)(?=[\s,{.:>])/gm, "$1.paper-body"));
  inside.adoptedStyleSheets = [sheet];
  inside.replaceChildren(body);
}

function apart(host) {
  const inside = host.attachShadow({ mode: "open" });
  inside.addEventListener("click", (event) => {
    const to = event.target.closest("a[href^='#']")?.getAttribute("href").slice(1);
    if (to === undefined) return;
    // the page's own address holds the scenario
    event.preventDefault();
    inside.getElementById(decodeURIComponent(to))?.scrollIntoView();
  });
  return inside;
}
