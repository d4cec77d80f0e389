// Looks into the frames of its page, which show other pages, and leaves what it found of each. Behind contrast.js.
"use strict";

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
    const ratio = contrast(view.getComputedStyle(element).color, ground(view, element));
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

addEventListener("load", () => leave([...document.querySelectorAll("iframe")].map(facts)));
