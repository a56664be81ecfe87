/** The kind of a list of names that Host may have, with or without a port. */
import { list } from "../kinds.ts";
import type { Kind } from "../setting.ts";

const HOST = /^[a-z0-9._[\]:-]+$/i;

export const hostList: Kind<readonly string[]> = {
  label: list.label,
  parse(raw) {
    const hosts = list.parse(raw);
    const wrong = hosts.find((host) => !HOST.test(host) || !URL.canParse(`http://${host}`));
    if (wrong !== undefined) throw new Error(`has "${wrong}". Give names such as mcp.internal or mcp.internal:8443.`);
    return hosts;
  },
};
