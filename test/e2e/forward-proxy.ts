/** A forward proxy on a real socket: tunnels by CONNECT and passes plain requests on, or refuses as a test says. */
import { createServer, request as send, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { listen } from "../listen.ts";

export interface ForwardProxy {
  readonly host: string;
  /** What was asked of it: `CONNECT host:port`, `GET http://…`. */
  readonly seen: { readonly asked: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** `refuse` gives the status to refuse a request with. */
export async function startForwardProxy(
  refuse: (request: IncomingMessage) => number | undefined = () => undefined,
): Promise<ForwardProxy> {
  const seen: ForwardProxy["seen"] = [];
  const sockets = new Set<Socket>();
  const note = (request: IncomingMessage) =>
    seen.push({
      asked: `${request.method} ${request.url}`,
      authorization: request.headers["proxy-authorization"],
    });
  const server = createServer((request, response) => {
    note(request);
    const status = refuse(request);
    if (status !== undefined) return response.writeHead(status).end("refused");
    const { method, url = "", headers } = request;
    const onward = send(url, { method: method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    return request.pipe(onward);
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    note(request);
    socket.on("error", () => {});
    const status = refuse(request);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`);
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    sockets.add(onward);
    return onward.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
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
