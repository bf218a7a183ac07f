import { expect, test } from "vitest";
import { changeOf } from "./Tags";

const BEFORE = [{ key: "team", value: "blue" }, { key: "stage", value: "" }, { key: "Team", value: "red" }];
const existing: Parameters<typeof changeOf>[1][number][] = BEFORE.map((tag) => ({ ...tag, existing: true }));

test.each<[string, Parameters<typeof changeOf>[1], ReturnType<typeof changeOf>]>([
  ["nothing, where nothing was edited", existing, { set: [], remove: [] }],
  ["another value is set, and the old one not removed", existing.with(0, { key: "team", value: "green", existing: true }), { set: [{ key: "team", value: "green" }], remove: [] }],
  ["what is new is set", [...existing, { key: "new", value: "", existing: false }], { set: [{ key: "new", value: "" }], remove: [] }],
  ["what is marked is removed", existing.with(2, { key: "Team", value: "red", existing: true, markedForRemoval: true }), { set: [], remove: ["Team"] }],
  ["what was removed and written anew is set", [...existing.with(1, { key: "stage", value: "", existing: true, markedForRemoval: true }), { key: "stage", value: "prod", existing: false }], { set: [{ key: "stage", value: "prod" }], remove: [] }],
  ["all", [], { set: [], remove: ["team", "stage", "Team"] }],
])("%s", (_, after, change) => expect(changeOf(BEFORE, after)).toEqual(change));
