/** The table of composites by file name, which is `composite` in a record; each is loaded at its first call. */
import { compositeNames } from "../../generated/portkey/composites.ts";
import type { Composite } from "./composite.ts";

async function loadTool(name: string): Promise<Composite> {
  const { composite } = (await import(`./tools/${name}.ts`)) as { readonly composite: Composite };
  return composite;
}

export const composites: Readonly<Record<string, () => Promise<Composite>>> = Object.fromEntries(
  compositeNames.map((name) => [name, () => loadTool(name)]),
);
