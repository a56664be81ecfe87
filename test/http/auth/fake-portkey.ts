/** An upstream that records every request as it came and answers with what it is told. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Bases } from "../../../src/portkey/port.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakePortkey {
  readonly bases: Bases;
  readonly requests: SeenRequest[];
  close(): Promise<void>;
}

/** An `answer` that throws ends the connection without one. */
export async function startFakePortkey(
  answer: (request: SeenRequest) => unknown,
  status: () => number = () => 200,
): Promise<FakePortkey> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const seen = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(seen);
      try {
        const body = JSON.stringify(answer(seen));
        response
          .writeHead(status(), { "content-type": "application/json", "x-portkey-request-id": `req-${requests.length}` })
          .end(body);
      } catch {
        response.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    bases: { control: `${base}/v1`, gateway: `${base}/v1`, public: base, registry: base },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
