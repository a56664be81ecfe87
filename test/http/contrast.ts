/** Whether a page's texts can be read: WCAG's contrast of each with the ground that it stands on. */
import type { Page } from "playwright-core";

const LEAST = 4.5;

/** The selectors whose first element is too faint; each must have one. */
export async function tooFaint(page: Page, selectors: readonly string[]): Promise<string[]> {
  const pairs = (await page.evaluate(`${JSON.stringify(selectors)}.map((selector) => {
    const element = document.querySelector(selector);
    let ground = element;
    while (getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    return [selector, getComputedStyle(element).color, getComputedStyle(ground).backgroundColor];
  })`)) as [string, string, string][];
  return pairs.filter(([, text, ground]) => contrast(text, ground) < LEAST).map(([selector]) => selector);
}

/** WCAG's contrast ratio of two rgb() colours. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
