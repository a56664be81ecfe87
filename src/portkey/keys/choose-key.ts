/** Chooses a request's key: determines the call's subject, finds out the key's workspace if needed, takes the key. */
import type { ToolRecord } from "../../catalog/record.ts";
import type { CallContext, Credentials } from "../port.ts";
import { subjectOf, type CallSubject } from "./call-subject.ts";
import { chooseKind, needsOwnWorkspace, type Kind, type KeyQuestion, type KindChoice } from "./choose-kind.ts";
import { createKnownIds, type KnownIds } from "./known-ids.ts";
import { createOwnWorkspaces, type SendRead } from "./own-workspace.ts";
import { missingKey, missingKind, NO_KEY, takeAccount, takeKey, type ChosenKey } from "./take-key.ts";

type Values = Readonly<Record<string, unknown>>;

export interface KeyRequest {
  readonly record: ToolRecord;
  /** The call's arguments by name. */
  readonly values: Values;
  /** The kind that the call asks for. */
  readonly asked: Kind | undefined;
  readonly context: CallContext;
  /** A dry run: an object that the key cannot reach causes a warning. */
  readonly planned?: true;
}

export interface KeyFor {
  readonly key: ChosenKey;
  readonly subject: CallSubject;
}

export interface KeyChooser {
  /** Throws MISSING_KEY, or NOT_ALLOWED where a setting forbids the admin key for the tool. */
  choose(request: KeyRequest): KeyFor | Promise<KeyFor>;
  /** Remembers the ids of an answer with the kind of key that read them. */
  learnIds(record: ToolRecord, context: CallContext, used: KeyFor, body: unknown): void;
  /** The id and slug of the workspace key's own workspace, as far as they are known already. */
  ownWorkspace(credentials: Credentials): ReadonlySet<string> | undefined;
}

/** `records` are the catalogue's; `send` sends the reads that find out which workspace a workspace key belongs to. */
export function createKeyChooser(records: readonly ToolRecord[], send: SendRead): KeyChooser {
  const own = createOwnWorkspaces(records, send);
  const ids = createKnownIds();
  return {
    choose(request) {
      const { record, values, context, planned } = request;
      if (record.key === "token")
        return { key: takeAccount(record, context.credentials), subject: subjectOf(record, values) };
      if (record.key === "none") return { key: NO_KEY, subject: subjectOf(record, values) };
      const question = questionFor(request, ids);
      const mustKnow = needsOwnWorkspace(question) || (planned === true && namesSome(question.subject));
      if (!mustKnow) return chosenFor(request, { ...question, own: undefined });
      return own
        .learn(context.credentials, context.signal)
        .then((known) => chosenFor(request, { ...question, own: known }));
    },
    ownWorkspace: (credentials) => own.known(credentials),
    learnIds(record, { credentials, caller }, { key, subject }, body) {
      if (caller === undefined || record.key !== "any" || !hasBoth(configuredIn(credentials))) return;
      if (key.kind !== "workspace" && key.kind !== "admin") return;
      const mine = own.known(credentials);
      const namesOther = subject.workspaces.some((name) => mine?.has(name) === false);
      const isElsewhere = ({ workspace_id: home }: Values) =>
        namesOther || (typeof home === "string" && home !== "" && mine?.has(home) === false);
      ids.keep(caller, body, key.kind, isElsewhere);
    },
  };
}

/** The question for `chooseKind`, without the key's own workspace, which may take a request. */
function questionFor({ record, values, asked, context }: KeyRequest, ids: KnownIds): Omit<KeyQuestion, "own"> {
  const { credentials, caller } = context;
  const configured = configuredIn(credentials);
  return {
    need: record.key,
    reach: record.reach,
    asked: record.key === "any" ? asked : undefined,
    subject: subjectOf(record, values),
    broughtBy: caller === undefined || !hasBoth(configured) ? undefined : ids.kindFor(caller, record, values),
    configured,
  };
}

function chosenFor(request: KeyRequest, question: KeyQuestion): KeyFor {
  const { record, context } = request;
  if (question.asked !== undefined && !question.configured[question.asked] && anyOf(question.configured))
    throw missingKind(record, question.asked);
  const choice = chooseKind(question);
  if (choice === undefined) throw missingKey(record);
  const key = takeKey(record, context.credentials, choice, context.adminKeyRefusal?.(record));
  const warnings = [...key.warnings, ...doubts(request, question, choice)];
  return { key: { ...key, warnings }, subject: question.subject };
}

function configuredIn({ workspaceKey, adminKey }: Credentials): Readonly<Record<Kind, boolean>> {
  return { workspace: Boolean(workspaceKey), admin: Boolean(adminKey) };
}

const hasBoth = ({ workspace, admin }: Readonly<Record<Kind, boolean>>): boolean => workspace && admin;
const anyOf = ({ workspace, admin }: Readonly<Record<Kind, boolean>>): boolean => workspace || admin;

function namesSome({ workspaces, alsoNamed }: CallSubject): boolean {
  return workspaces.length + alsoNamed.length > 0;
}

/** Warnings about a planned request that Portkey will refuse. */
function doubts({ record, planned }: KeyRequest, question: KeyQuestion, { kind }: KindChoice): string[] {
  const { subject, own } = question;
  const named = [...subject.workspaces, ...subject.alsoNamed];
  if (planned !== true || kind !== "workspace") return [];
  if (record.key === "admin") return [`${record.name} needs an admin key, and there is none: Portkey will refuse this`];
  const others = own === undefined ? [] : named.filter((name) => !own.has(name));
  if (others.length > 0)
    return [`The workspace key reaches only its own workspace, not ${others.join(", ")}: Portkey will refuse this`];
  return subject.isOrganisation || (subject.namesOrganisation && named.length === 0)
    ? ["The workspace key does not reach the organisation: Portkey will refuse this"]
    : [];
}
