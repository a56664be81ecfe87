/** The five checks, the same for every client. Each throws with what is wrong. */
import type { Answer, Check, Connection } from "./client.ts";
import type { SilentUpstream } from "./silent-upstream.ts";

type Simple = (connection: Connection) => Promise<void>;

const LEAST_TOOLS = 182;
/** A dry run answers with what it was given: just below PORTKEY_MAX_RESULT_BYTES, as large as uncut answers get. */
const LARGE = {
  name: "large",
  collection_id: "any",
  virtual_key: "any",
  parameters: {},
  string: `${"All work and no play. ".repeat(1_600)}The end.`,
  dry_run: true,
};

export const SIMPLE: Readonly<Record<Exclude<Check, "cancel">, Simple>> = {
  async list(connection) {
    const names = await connection.list();
    for (const name of ["list_workspaces", "get_prompt", "migrate_prompt"]) {
      if (!names.includes(name)) throw new Error(`${name} is not among the ${names.length} tools it lists`);
    }
    if (names.length < LEAST_TOOLS) throw new Error(`lists ${names.length} tools, not ${LEAST_TOOLS} or more`);
  },
  async call(connection) {
    const { text, isError } = await connection.call("list_workspaces", {});
    if (isError) throw new Error(`list_workspaces failed: ${text}`);
    if (!text.includes('"slug":"production"')) throw new Error(`list_workspaces answered ${excerpt(text)}`);
  },
  async large(connection) {
    const { text } = await connection.call("create_prompt", LARGE);
    if (!text.includes(LARGE.string)) throw new Error(`${text.length} characters arrived: ${excerpt(text)}`);
  },
  async error(connection) {
    const answer = await connection.call("get_prompt", { prompt_id: "no-such-prompt" }).catch(errorAnswer);
    if (answer.isError === false) throw new Error("the client takes an error for a success");
    if (!answer.text.includes("AB02")) throw new Error(`the error reads ${excerpt(answer.text)}`);
  },
};

/** The server of `connection` uses `upstream`, which never answers: a cancelled call must close that connection. */
export async function cancelCheck(connection: Connection, upstream: SilentUpstream): Promise<void> {
  if (connection.cancel === undefined) throw new Error("the driver has no way to cancel");
  const { arrived, closed } = upstream.next();
  await connection.cancel("list_workspaces", {}, arrived);
  await withTimeout(10_000, closed, "the request to Portkey was still open 10 s after the call was cancelled");
}

export async function withTimeout<Value>(ms: number, promise: Promise<Value>, complaint: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), ms);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}

/** A client may report a failed tool by throwing. */
function errorAnswer(error: unknown): Answer {
  return { text: error instanceof Error ? error.message : String(error), isError: true };
}

function excerpt(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
