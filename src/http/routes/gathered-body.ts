/** A request's body, its small pieces copied together before they are held: its sender decides how many there are. */
import type { FastifyInstance } from "fastify";
import { pipeline, Transform } from "node:stream";
import { SmallPieces } from "../../errors/small-pieces.ts";

/** Bytes of a body that is held as it comes, whatever its pieces: nearly every request's. */
const SHORT = 16_384;

export function gatherBodies(app: FastifyInstance): void {
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const { "content-length": length = 0, "transfer-encoding": transfer } = request.headers;
    if (transfer === undefined && !(Number(length) > SHORT)) return done(null, payload);
    // Whoever reads the gathered body sees how the other failed.
    done(
      null,
      pipeline(payload, gathering(), () => undefined),
    );
  });
}

function gathering(): Transform {
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
