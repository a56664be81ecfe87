/**
 * Variables that begin like this server's settings but are not: those of other programs, and those that Kubernetes sets
 * for each service.
 */

/** Variables of Portkey's SDKs and gateway, of MCP clients and of inspectors: to set them is no mistake. */
const OTHERS: ReadonlySet<string> = new Set([
  "PORTKEY_CONFIG",
  "PORTKEY_CONFIG_ID",
  "PORTKEY_PROVIDER",
  "PORTKEY_VIRTUAL_KEY",
  "PORTKEY_TRACE_ID",
  "PORTKEY_METADATA",
  "PORTKEY_CUSTOM_HOST",
  "PORTKEY_GATEWAY_BASE_URL",
  "PORTKEY_HEADERS",
  "PORTKEY_DEBUG",
  "MCP_TIMEOUT",
  "MCP_TOOL_TIMEOUT",
  "MCP_OAUTH_CALLBACK_PORT",
  "MCP_CLIENT_SECRET",
  "MCP_CONNECTION_NONBLOCKING",
  "MCP_SERVER_CONNECTION_BATCH_SIZE",
  "MCP_REMOTE_SERVER_CONNECTION_BATCH_SIZE",
  "MCP_PROXY_AUTH_TOKEN",
  "MCP_PROXY_FULL_ADDRESS",
  "MCP_AUTO_OPEN_ENABLED",
  "MCP_SERVER_REQUEST_TIMEOUT",
  "MCP_REQUEST_TIMEOUT_RESET_ON_PROGRESS",
  "MCP_REQUEST_MAX_TOTAL_TIMEOUT",
  "MCP_SANDBOX_PORT",
]);

/** `MCP_SERVICE_HOST`, `MCP_PORT_3000_TCP_ADDR`: what Kubernetes sets in pods for every service of the namespace. */
const SERVICE_LINK = /_(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PORT|PROTO|ADDR))?)?)$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\/[^\s/]+:\d+$/i;

/** Whether `text` is the address of a Kubernetes service, which no setting can have as its value. */
export function isServiceAddress(text: string): boolean {
  return SERVICE_ADDRESS.test(text);
}

/** Whether another program, or Kubernetes, sets the variable. */
export function isForeignVariable(name: string, value: string): boolean {
  if (OTHERS.has(name)) return true;
  if (!SERVICE_LINK.test(name)) return false;
  // Not every name that ends in _PORT is a service link: those hold an address.
  const bare = /_PORT$/.test(name) && !/_(SERVICE|TCP|UDP|SCTP)_PORT$/.test(name);
  return !bare || isServiceAddress(value);
}
