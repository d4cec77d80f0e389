// Looks into the frames of its page, which show charts (SVG), and leaves what it found of each. Behind contrast.js.
"use strict";

function box(element) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom };
}

const meet = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

const holds = (outer, inner) =>
  outer.left <= inner.left && inner.right <= outer.right && outer.top <= inner.top && inner.bottom <= outer.bottom;

// Pairs of texts that lie over each other.
function overlaps(texts) {
  return texts.flatMap((one, place) =>
    texts.slice(place + 1).filter((other) => meet(box(one), box(other))).map((other) => [one.textContent, other.textContent]));
}

function middle(element) {
  const { left, top, right, bottom } = box(element);
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

// The middles of all points, a list a panel, with the bounds of that panel's grid.
function panels(chart) {
  return [...chart.querySelectorAll(".panel")].map((panel) => ({
    grid: box(panel.querySelector(".lines")),
    points: [...panel.querySelectorAll(".m0, .m1, .m2")].map(middle),
  }));
}

function facts(frame) {
  const [view, page] = [frame.contentWindow, frame.contentDocument];
  const chart = page.documentElement;
  const texts = [...chart.querySelectorAll("text")];
  const fill = (element) => view.getComputedStyle(element).fill;
  const ground = chart.querySelector(".ground");
  return {
    name: frame.dataset.name,
    root: `${chart.namespaceURI} ${chart.localName}`,
    hasErrors: page.getElementsByTagName("parsererror").length > 0,
    title: chart.querySelector("title")?.textContent ?? "",
    description: chart.querySelector("desc")?.textContent ?? "",
    texts: texts.map((text) => text.textContent),
    overlaps: overlaps(texts),
    outside: ground ? texts.filter((text) => !holds(box(ground), box(text))).map((text) => text.textContent) : [],
    panels: panels(chart),
    pointTitles: [...chart.querySelectorAll(".panel title")].map((title) => title.textContent),
    ground: ground ? fill(ground) : "",
    leastContrast: ground ? Math.min(...texts.map((text) => contrast(fill(text), fill(ground)))) : 0,
    elementNames: [...new Set([...chart.querySelectorAll("*")].map((element) => element.localName))],
  };
}

addEventListener("load", () => leave([...document.querySelectorAll("iframe")].map(facts)));
