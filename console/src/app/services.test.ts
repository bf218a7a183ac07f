import { expect, test } from "vitest";
import { SERVICES } from "./services";

const PATHS = SERVICES.flatMap(({ id, pages }) => pages.map(({ path }) => `${id}/${path}`));

/** Whether some name in place of the one path's parameters makes it the other, which then hides the page of what is called so. */
function hides(path: string, other: string): boolean {
  const [parts, others] = [path.split("/"), other.split("/")];
  return path !== other && parts.length === others.length && parts.every((part, at) => part === others[at] || others[at]?.startsWith(":") === true);
}

test.each([
  ["config/rules/add", "config/rules/:name", true],
  ["config/add-rule", "config/rules/:name", false],
  ["config/rules/:name/edit", "config/rules/:name/:what", true],
  ["config/rules/:name", "config/rules/add", false],
])("%s hides something of %s: %s", (path, other, hidden) => expect(hides(path, other)).toBe(hidden));

test("no page stands where a resource of that name has its own", () => {
  expect(PATHS.flatMap((path) => PATHS.filter((other) => hides(path, other)).map((other) => `${path} hides ${other}`))).toEqual([]);
});

test("each page has an address of its own", () => expect(PATHS.filter((path, at) => PATHS.indexOf(path) !== at)).toEqual([]));
