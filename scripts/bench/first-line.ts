import type { Child } from "./child.ts";

/** The first line a process prints, for at most 20 seconds; throws with its complaints where it ends before. */
export async function firstLine(child: Child): Promise<string> {
  const { stdout } = child.process;
  stdout.setEncoding("utf8");
  let text = "";
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error(`A process printed nothing. ${child.complaints()}`));
    const timer = setTimeout(fail, 20_000);
    stdout.on("data", (chunk: string) => {
      text += chunk;
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve(text.slice(0, text.indexOf("\n")));
    });
    void child.ended.then(() => {
      clearTimeout(timer);
      fail();
    });
  });
}
