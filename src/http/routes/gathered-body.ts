/** Joins small pieces of a request's body before they are buffered: a client may send a body in very many of them. */
import type { FastifyInstance } from "fastify";
import { pipeline, Transform } from "node:stream";
import { SmallPieces } from "../../errors/small-pieces.ts";

/** Bytes; shorter bodies, as of nearly every request, are buffered as they come. */
const SHORT = 16_384;

export function gatherBodies(app: FastifyInstance): void {
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const { "content-length": length = 0, "transfer-encoding": transfer } = request.headers;
    if (transfer === undefined && !(Number(length) > SHORT)) return done(null, payload);
    // The reader of the joined body gets the error of the original one.
    done(
      null,
      pipeline(payload, joinPieces(), () => undefined),
    );
  });
}

function joinPieces(): Transform {
  const pieces = new SmallPieces();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const piece of pieces.add(chunk)) this.push(piece);
      done();
    },
    flush(done) {
      for (const piece of pieces.rest()) this.push(piece);
      done();
    },
  });
}
