/** A forward proxy on a real socket: tunnels by CONNECT and passes plain requests on, or refuses as a test says. */
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { listen } from "../listen.ts";

export interface ForwardProxy {
  readonly host: string;
  /** What was asked of it: `CONNECT host:port`, `GET http://…`. */
  readonly seen: { readonly asked: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Gives the status to refuse a request with; none where it may pass. */
type Refuse = (request: IncomingMessage) => number | undefined;

/** Starts a proxy at a free port; it refuses what `refuse` says. */
export async function startForwardProxy(refuse: Refuse = () => undefined): Promise<ForwardProxy> {
  const seen: ForwardProxy["seen"] = [];
  const sockets = new Set<Socket>();
  const noteAndJudge: Refuse = (request) => {
    const authorization = request.headers["proxy-authorization"];
    seen.push({ asked: `${request.method} ${request.url}`, authorization });
    return refuse(request);
  };
  const server = createServer((request, response) => {
    const status = noteAndJudge(request);
    if (status !== undefined) return response.writeHead(status).end("refused");
    return passOn(request, response);
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    socket.on("error", () => {});
    const status = noteAndJudge(request);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`);
    return sockets.add(openTunnel(request, socket));
  });
  const { port } = await listen(server);
  return {
    host: `127.0.0.1:${port}`,
    seen,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends a plain request to where it is meant for, and its answer back. */
function passOn(request: IncomingMessage, response: ServerResponse): void {
  const { method = "GET", url = "", headers } = request;
  const onward = send(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.writeHead(502).end());
  request.pipe(onward);
}

/** Connects a client to the host that its CONNECT names; gives the socket to that host. */
function openTunnel(request: IncomingMessage, client: Socket): Socket {
  const [host = "", port = ""] = (request.url ?? "").split(":");
  const onward = connect(Number(port), host, () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    onward.pipe(client);
    client.pipe(onward);
  });
  return onward.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
}
