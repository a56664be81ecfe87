/**
 * Portkey's error answers, `{"success": false, "data": {"message", "errorCode"}}`, with the usual code of each status.
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

/** An error that becomes the answer of the request. */
export class ApiError extends Error {
  readonly errorCode: string;

  /** `errorCode` where it differs from the status's usual one: an unknown route is AB08, a missing resource AB02. */
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

/** The web page of a proxy before Portkey where Portkey itself fails. */
export class BadGateway extends ApiError {
  constructor() {
    super(502, "Bad gateway");
  }
}
