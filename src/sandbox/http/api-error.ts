/**
 * Portkey's error answers, `{"success": false, "data": {"message", "errorCode"}}`, with the code each status carries.
 */
const codes = {
  400: "AB01",
  401: "AB05",
  402: "AB09",
  403: "AB03",
  404: "AB02",
  409: "AB07",
  429: "AB06",
  500: "AB04",
  502: "AB04",
} as const;

export type ErrorStatus = keyof typeof codes;

export const badGatewayPage = "<!doctype html><title>Bad gateway</title><h1>Bad gateway</h1>";

/** Thrown anywhere below a request; becomes its answer. */
export class ApiError extends Error {
  readonly errorCode: string;

  /** `errorCode` only where it is not the status's usual one (an unknown route is AB08, a missing resource AB02). */
  constructor(
    readonly status: ErrorStatus,
    message: string,
    errorCode?: string,
  ) {
    super(message);
    this.errorCode = errorCode ?? codes[status];
  }

  get body() {
    return { success: false, data: { message: this.message, errorCode: this.errorCode } };
  }
}

/** What a web server in front of Portkey answers where Portkey itself breaks: a web page. */
export class BadGateway extends ApiError {
  constructor() {
    super(502, "Bad gateway");
  }
}
