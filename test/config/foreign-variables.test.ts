/** Variables of other programs, whose names only look like settings of this one. */
import { describe, expect, test } from "vitest";
import { isForeignVariable } from "../../src/config/foreign-variables.ts";

const ADDRESS = "tcp://10.0.0.1:3000";

describe("another program's variable", () => {
  test.each([
    ["PORTKEY_VIRTUAL_KEY", "vk-1", "of Portkey's own clients"],
    ["MCP_TIMEOUT", "3000", "of a client of MCP"],
    ["MCP_SERVICE_HOST", "10.0.0.1", "a service link"],
    ["MCP_SERVICE_PORT", "3000", "a service link"],
    ["MCP_SERVICE_PORT_HTTP", "3000", "a service link"],
    ["MCP_PORT_3000_TCP", ADDRESS, "a service link"],
    ["MCP_PORT_3000_TCP_PORT", "3000", "a service link"],
    ["MCP_PORT_3000_TCP_ADDR", "10.0.0.1", "a service link"],
    ["MCP_GATEWAY_PORT", ADDRESS, "a service link, by its address"],
  ])("is %s=%s: %s", (name, value) => {
    expect(isForeignVariable(name, value)).toBe(true);
  });

  test.each([
    ["MCP_GATEWAY_PORT", "3000"],
    ["MCP_GATEWAY_PORT", "http://10.0.0.1:3000"],
    ["MCP_HOST", "10.0.0.1"],
    ["PORTKEY_READONLY", "true"],
  ])("is not %s=%s", (name, value) => {
    expect(isForeignVariable(name, value)).toBe(false);
  });
});
