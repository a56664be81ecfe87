/** The rule by which a request's kind of key is chosen, case by case. */
import { describe, expect, test } from "vitest";
import type { KeyKind } from "../../../src/catalog/record.ts";
import { chooseKind, needsOwnWorkspace, type KeyQuestion } from "../../../src/portkey/keys/choose-kind.ts";
import type { CallSubject } from "../../../src/portkey/keys/call-subject.ts";

const NOTHING: CallSubject = { workspaces: [], alsoNamed: [], isOrganisation: false, namesOrganisation: false };
const BOTH = { workspace: true, admin: true };
const OWN = new Set(["ws-id", "production"]);

const about = (subject: Partial<CallSubject>): CallSubject => ({ ...NOTHING, ...subject });
const ask = (over: Partial<KeyQuestion>): KeyQuestion => ({
  need: "any",
  reach: "workspace",
  subject: NOTHING,
  own: OWN,
  configured: BOTH,
  ...over,
});

describe("one key for everything", () => {
  test.each(["any", "workspace", "admin"] as KeyKind[])("%s takes the only one there is", (need) => {
    expect(chooseKind(ask({ need, configured: { workspace: true, admin: false } }))?.kind).toBe("workspace");
    expect(chooseKind(ask({ need, configured: { workspace: false, admin: true } }))?.kind).toBe("admin");
    expect(chooseKind(ask({ need, configured: { workspace: false, admin: false } }))).toBeUndefined();
  });
  test("no key is chosen where none is taken", () => expect(chooseKind(ask({ need: "none" }))).toBeUndefined());
});

describe("both keys", () => {
  const named = (workspaces: string[]) => about({ workspaces });
  test.each([
    ["a tool that needs an admin key", { need: "admin", subject: named(["production"]) }, "admin"],
    ["a tool that needs a workspace key", { need: "workspace", subject: named(["dev"]) }, "workspace"],
    ["nothing named", {}, "workspace"],
    ["the own workspace by slug", { subject: named(["production"]) }, "workspace"],
    ["the own workspace by id", { subject: named(["ws-id"]) }, "workspace"],
    ["another workspace", { subject: named(["dev"]) }, "admin"],
    ["the own and another", { subject: named(["production", "dev"]) }, "admin"],
    ["a name that is only nearly the own", { subject: named(["Production"]) }, "admin"],
    ["another workspace inside a list", { subject: about({ alsoNamed: ["dev"] }) }, "admin"],
    ["the own workspace inside a list", { subject: about({ alsoNamed: ["production"] }) }, "workspace"],
    ["the organisation by a value", { subject: about({ isOrganisation: true }) }, "admin"],
    [
      "the organisation by a value, beside the own workspace",
      { subject: about({ isOrganisation: true, workspaces: ["production"] }) },
      "admin",
    ],
    ["the organisation's id", { subject: about({ namesOrganisation: true }) }, "admin"],
    [
      "the organisation's id beside the own workspace",
      { subject: about({ namesOrganisation: true, workspaces: ["production"] }) },
      "workspace",
    ],
    ["a tool of the organisation", { reach: "organisation" }, "admin"],
    [
      "a tool of the organisation in the own workspace",
      { reach: "organisation", subject: named(["production"]) },
      "workspace",
    ],
    [
      "a tool of the organisation that grants the own workspace something",
      { reach: "organisation", subject: about({ alsoNamed: ["production"] }) },
      "admin",
    ],
    ["an id that the admin key brought", { broughtBy: "admin" }, "admin"],
    ["an id that the workspace key brought", { reach: "organisation", broughtBy: "workspace" }, "workspace"],
    ["an id, and the own workspace named", { broughtBy: "admin", subject: named(["production"]) }, "workspace"],
    ["an id, and another workspace named", { broughtBy: "workspace", subject: named(["dev"]) }, "admin"],
    ["asked for the admin key", { asked: "admin", subject: named(["production"]) }, "admin"],
    ["asked for the workspace key", { asked: "workspace", subject: named(["dev"]) }, "workspace"],
    [
      "asked for the workspace key by a tool of the organisation",
      { asked: "workspace", reach: "organisation" },
      "workspace",
    ],
    ["asked for what the tool cannot take", { need: "admin", asked: "workspace" }, "admin"],
    ["a workspace named, the own unknown", { own: undefined, subject: named(["production"]) }, "admin"],
    ["nothing named, the own unknown", { own: undefined }, "workspace"],
  ] as [string, Partial<KeyQuestion>, string][])("%s", (_, over, want) => {
    const choice = chooseKind(ask(over));
    expect(choice?.kind).toBe(want);
    expect(choice?.because).toMatch(/^[a-z].*[a-z]$/);
  });

  test("what is not certain is said", () => {
    const subject = about({ workspaces: ["dev"] });
    expect(chooseKind(ask({ own: undefined, subject }))?.unsure).toBe(true);
    expect(chooseKind(ask({ subject }))?.unsure).toBeUndefined();
  });
});

describe("the own workspace is asked for only where the choice depends on it", () => {
  test.each([
    [{ subject: about({ workspaces: ["dev"] }) }, true],
    [{ subject: about({ alsoNamed: ["dev"] }) }, true],
    [{}, false],
    [{ subject: about({ workspaces: ["dev"] }), asked: "admin" }, false],
    [{ subject: about({ workspaces: ["dev"], isOrganisation: true }) }, false],
    [{ subject: about({ workspaces: ["dev"] }), need: "admin" }, false],
    [{ subject: about({ workspaces: ["dev"] }), configured: { workspace: true, admin: false } }, false],
  ] as [Partial<KeyQuestion>, boolean][])("%j: %s", (over, want) => expect(needsOwnWorkspace(ask(over))).toBe(want));
});

/** Every combination of one value for each member. */
function combinationsOf(members: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  return Object.entries(members).reduce<Record<string, unknown>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}

test("every combination of facts has one answer, and only a configured key is chosen", () => {
  const subjects = combinationsOf({ isOrganisation: [true, false], workspaces: [[], ["production"], ["dev"]] });
  const questions = combinationsOf({
    need: ["any", "workspace", "admin"],
    reach: ["workspace", "organisation"],
    asked: [undefined, "workspace", "admin"],
    broughtBy: [undefined, "workspace", "admin"],
    subject: subjects.map(about),
    configured: [BOTH, { workspace: true, admin: false }, { workspace: false, admin: true }],
  }).map(ask);
  const choices = questions.map((question) => ({ question, kind: chooseKind(question)?.kind }));
  expect(choices.filter(({ question, kind }) => kind === undefined || !question.configured[kind])).toEqual([]);
});
