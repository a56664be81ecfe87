import { expect, test } from "vitest";
import { stripProse } from "../../codegen/read/strip-prose.ts";

test("sentences go, fields that are named like keywords stay", () => {
  const facts = stripProse({
    openapi: "3.0.0",
    info: { title: "Theirs", version: "2", description: "prose" },
    paths: {
      "/a": {
        post: {
          summary: "prose",
          tags: ["x"],
          "x-code-samples": [],
          requestBody: {
            content: {
              "application/json": {
                example: { a: 1 },
                schema: {
                  type: "object",
                  title: "Prose",
                  description: "prose",
                  properties: {
                    description: { type: "string", description: "prose", example: "prose" },
                    title: { type: "string", enum: ["a"], "x-order": 1 },
                    example: { type: "string", default: "d" },
                    tags: { type: "object", properties: { summary: { type: "string" } } },
                  },
                },
              },
            },
          },
          responses: { "200": { description: "prose" } },
        },
      },
    },
  } as never);
  expect(facts).toEqual({
    openapi: "3.0.0",
    info: { title: "Portkey Admin API: interface facts", version: "2" },
    paths: {
      "/a": {
        post: {
          requestBody: {
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  properties: {
                    description: { type: "string" },
                    title: { type: "string", enum: ["a"] },
                    example: { type: "string", default: "d" },
                    tags: { type: "object", properties: { summary: { type: "string" } } },
                  },
                },
              },
            },
          },
          responses: { "200": { description: "" } },
        },
      },
    },
  });
});
