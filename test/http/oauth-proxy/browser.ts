/** A browser as far as a login needs one: cookies, redirects, refreshes and forms; and the person in front of it. */

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One browser, with cookies of its own. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** One request; a redirect is an answer like any other. */
  async open(
    url: URL | string,
    form?: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Page> {
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: [...this.cookies].map(([key, value]) => `${key}=${value}`).join("; "), ...headers },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (key !== undefined) this.cookies.set(key, value ?? "");
    }
    return { url: new URL(url), status: response.status, headers: response.headers, text: await response.text() };
  }

  /**
   * Goes where the pages lead, agreeing to all, until an address begins with `until`; resolves with that address.
   * `decision`: what is answered to this server's own question.
   */
  async logIn(start: URL | string, name: string, until: string, decision = "allow"): Promise<URL> {
    let page = await this.open(start);
    for (let step = 0; step < 20; step += 1) {
      const next = nextAddress(page);
      if (next !== undefined) {
        if (next.href.startsWith(until)) return next;
        page = await this.open(next);
        continue;
      }
      const action = /action="([^"]+)"/.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`${page.url.href} answered ${page.status}: ${page.text.slice(0, 600)}`);
      page = await this.open(new URL(action, page.url), answerOf(page.text, name, decision));
    }
    throw new Error("The login went round in circles.");
  }
}

/** Where a page leads by itself; undefined where it waits for the person. */
export function nextAddress({ headers, text, url }: Page): URL | undefined {
  const refresh = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1];
  const address = headers.get("location") ?? (refresh === undefined ? undefined : decoded(refresh));
  return address === undefined ? undefined : new URL(address, url);
}

/** The value of a hidden field. */
export function fieldOf(text: string, name: string): string {
  return decoded(new RegExp(`name="${name}" value="([^"]+)"`).exec(text)?.[1] ?? "");
}

function answerOf(text: string, name: string, decision: string): Record<string, string> {
  const ticket = fieldOf(text, "ticket");
  return ticket === "" ? { prompt: fieldOf(text, "prompt"), login: name, password: "any" } : { ticket, decision };
}

function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
}
