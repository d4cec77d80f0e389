// Looks into the frames of its page, which show other pages, and leaves what it found of each in <pre id="facts">, as base64 of JSON:
// no text of a page can be mistaken for the markup around it.
"use strict";

function channels(colour) {
  const parts = colour.match(/[\d.]+/g).map(Number);
  return parts.length === 3 ? [...parts, 1] : parts;
}

// Relative luminance of a colour (WCAG 2.2).
function luminance(colour) {
  const [red, green, blue] = channels(colour).slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function ground(view, element) {
  for (let here = element; here; here = here.parentElement) {
    const colour = view.getComputedStyle(here).backgroundColor;
    if (channels(colour)[3] > 0) return colour;
  }
  return "rgb(255, 255, 255)";
}

// The text with the least contrast to what is behind it.
function leastContrast(view, page) {
  let least = { ratio: 21, text: "" };
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || element.closest("svg")) continue;
    const pair = [view.getComputedStyle(element).color, ground(view, element)].map(luminance).sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < least.ratio) least = { ratio, text: walk.currentNode.data };
  }
  return least;
}

const texts = (elements) => [...elements].map((element) => element.textContent);

function facts(frame) {
  const [view, page] = [frame.contentWindow, frame.contentDocument];
  const elements = [...page.querySelectorAll("*")];
  const attributes = elements.flatMap((element) => [...element.attributes]);
  return {
    name: frame.dataset.name,
    width: frame.clientWidth,
    title: page.title,
    language: page.documentElement.lang,
    contentWidth: page.documentElement.scrollWidth,
    bodyWidthMax: view.getComputedStyle(page.body).maxWidth,
    ground: ground(view, page.documentElement),
    elementNames: [...new Set(elements.map((element) => element.localName))],
    attributeNames: [...new Set(attributes.map((attribute) => attribute.name))],
    addresses: attributes.filter(({ name }) => /^(href|src|xlink:href|action|data|poster)$/.test(name)).map(({ value }) => value),
    headings: elements.filter(({ localName }) => /^h[1-6]$/.test(localName)).map(({ localName }) => Number(localName[1])),
    unnamedPictures: elements.filter((element) =>
      element.localName === "svg" && !(element.getAttribute("role") === "img" && element.querySelector("title")?.textContent)).length,
    leastContrast: leastContrast(view, page),
    text: page.body.textContent,
    sections: [...page.querySelectorAll("section")].map((section) => ({
      id: section.id,
      text: section.textContent,
      tables: [...section.querySelectorAll("table")].map((table) =>
        [...table.tBodies].flatMap((body) => [...body.rows].map((row) => texts(row.cells)))),
      bars: section.querySelectorAll(".plot rect").length,
    })),
  };
}

addEventListener("load", () => {
  const found = JSON.stringify([...document.querySelectorAll("iframe")].map(facts));
  const bytes = [...new TextEncoder().encode(found)].map((byte) => String.fromCharCode(byte)).join("");
  const output = document.createElement("pre");
  output.id = "facts";
  output.textContent = btoa(bytes);
  document.body.append(output);
});
