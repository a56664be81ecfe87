/**
 * Chooses the kind of Portkey key for a request, before it is sent: the first rule of the table that applies decides.
 * After a refusal by Portkey, the other key is not tried: the admin key must not bypass the workspace key's scopes.
 */
import type { KeyKind, Reach } from "../../catalog/record.ts";
import type { CallSubject } from "./call-subject.ts";

/** The two kinds of key. */
export type Kind = "workspace" | "admin";

export interface KeyQuestion {
  /** The kind that the tool takes. */
  readonly need: KeyKind;
  readonly reach: Reach;
  /** The kind that the caller asks for. */
  readonly asked?: Kind | undefined;
  readonly subject: CallSubject;
  /**
   * The id and slug of the workspace key's own workspace; undefined where they could not be found out.
   * Used only where the call names a workspace.
   */
  readonly own?: ReadonlySet<string> | undefined;
  /** The kind with which an earlier answer was read that contains the object's id. */
  readonly broughtBy?: Kind | undefined;
  readonly configured: Readonly<Record<Kind, boolean>>;
}

export interface KindChoice {
  readonly kind: Kind;
  /** Continues a sentence after "because". */
  readonly because: string;
  /** The choice depends on the key's own workspace, which is not known. */
  readonly unsure?: true;
}

type Rule = (question: KeyQuestion) => KindChoice | undefined | false;

const workspace = (because: string): KindChoice => ({ kind: "workspace", because });
const admin = (because: string): KindChoice => ({ kind: "admin", because });

const RULES: readonly Rule[] = [
  ({ configured }) => !configured.workspace && configured.admin && admin("it is the only one configured"),
  ({ configured }) => configured.workspace && !configured.admin && workspace("it is the only one configured"),
  ({ need }) => need === "admin" && admin("the tool needs one"),
  ({ need }) => need === "workspace" && workspace("the tool needs one"),
  ({ asked }) => asked !== undefined && { kind: asked, because: `the call asks for the ${asked} key` },
  ({ subject }) => subject.isOrganisation && admin("the call is about the organisation"),
  namedWorkspaces,
  ({ subject }) => subject.namesOrganisation && admin("the call is about the organisation"),
  ({ broughtBy }) => broughtBy !== undefined && { kind: broughtBy, because: "an answer to this key brought the id" },
  ({ reach }) => reach === "organisation" && admin("the tool is about the organisation"),
  () => workspace("nothing in the call names another workspace or the organisation"),
];

/** The kind for a request; undefined where no key is configured or none is needed. */
export function chooseKind(question: KeyQuestion): KindChoice | undefined {
  if (question.need === "none" || !(question.configured.workspace || question.configured.admin)) return undefined;
  for (const rule of RULES) {
    const choice = rule(question);
    if (choice) return choice;
  }
  return undefined;
}

/**
 * Another workspace than the key's own requires the admin key. An object of the organisation that only lists
 * workspaces, such as those that may use an integration, remains the organisation's.
 */
function namedWorkspaces({ subject, own, reach }: KeyQuestion): KindChoice | undefined {
  const named = [...subject.workspaces, ...subject.alsoNamed];
  if (named.length === 0) return undefined;
  if (own === undefined) {
    const because = "the call names a workspace, and which one the workspace key belongs to could not be learned";
    return { ...admin(because), unsure: true };
  }
  if (named.some((name) => !own.has(name)))
    return admin("the call names a workspace other than the workspace key's own");
  if (subject.workspaces.length === 0 && reach === "organisation") return undefined;
  return workspace("the call names the workspace key's own workspace");
}

/** Whether the choice depends on knowing the workspace key's own workspace. */
export function needsOwnWorkspace({ need, asked, subject, configured }: Omit<KeyQuestion, "own">): boolean {
  return (
    need === "any" &&
    asked === undefined &&
    configured.workspace &&
    configured.admin &&
    !subject.isOrganisation &&
    subject.workspaces.length + subject.alsoNamed.length > 0
  );
}
