/** An upstream that records every request as it came and answers with what it is told. */

import type { Bases } from "../../../src/portkey/port.ts";
import { json, startUpstream, type Received } from "../../portkey/upstream.ts";

export interface FakePortkey {
  readonly bases: Bases;
  readonly requests: Received[];
  close(): Promise<void>;
}

/** An `answer` that throws ends the connection without one. */
export async function startFakePortkey(
  answer: (request: Received) => unknown,
  status: () => number = () => 200,
): Promise<FakePortkey> {
  const upstream = await startUpstream((response, received, count) => {
    try {
      const body = answer(received);
      json(response, status(), body, { "x-portkey-request-id": `req-${count}` });
    } catch {
      response.destroy();
    }
  });
  const { origin, received: requests, close } = upstream;
  return {
    bases: { control: `${origin}/v1`, gateway: `${origin}/v1`, public: origin, registry: origin },
    requests,
    close,
  };
}
