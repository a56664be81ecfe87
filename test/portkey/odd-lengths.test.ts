/** An argument over which zod itself throws is refused as any other of the wrong type, in each tool that bounds one. */
import { expect, test } from "vitest";
import { EDITION_NAMES, loadEdition, validatorLoaders } from "../../src/catalog/editions.ts";
import { createCheck } from "../../src/portkey/request/check.ts";

const odd = { length: [{ toString: 1 }] };

test.each(EDITION_NAMES)(
  "%s: nothing goes out with an object whose length is no number for a text",
  async (edition) => {
    const { records } = await loadEdition(edition);
    const domains = validatorLoaders(edition, records);
    const check = createCheck(domains);
    const refusals: { readonly of: string; readonly name: string; readonly text: string }[] = [];
    for (const record of records) {
      const { validators } = await (domains[record.domain] as NonNullable<(typeof domains)[string]>)();
      const { body } = validators[record.name] ?? {};
      for (const { name, api, place } of record.arguments) {
        if (place !== "body" || body === undefined || !throws(() => body.safeParse({ [api]: odd }))) continue;
        const text = await check(record, { [name]: odd }).then(() => "taken", String);
        refusals.push({ of: record.name, name, text });
      }
    }
    const wrong = refusals.filter(({ name, text }) => !new RegExp(`nothing was sent[^]*\\b${name}\\b`).test(text));
    expect(wrong).toEqual([]);
    // Otherwise zod has been mended, and nothing here needs a test.
    expect(refusals.length).toBeGreaterThan(10);
  },
);

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch {
    return true;
  }
}
