import { expect, test } from "vitest";
import type { Schema } from "../../codegen/read/document.ts";
import { outlineOf } from "../../codegen/derive/outline.ts";

const limits: Schema = {
  type: "object",
  required: ["unit"],
  properties: { unit: { type: "string", enum: ["rpm", "rph"] }, value: { type: "integer" } },
};

test.each<[string, Schema, number, string]>([
  [
    "everything, where there is room",
    { type: "object", properties: { name: { type: "string" }, limits } },
    200,
    "{name,limits:{unit*:rpm|rph,value:integer}}",
  ],
  [
    "names with their types before values",
    { type: "object", properties: { name: { type: "string" }, limits, dry: { type: "boolean" } } },
    14,
    "{name,limits:object,dry:boolean}",
  ],
  [
    "opened objects to their leaves, however little room there is",
    { type: "object", properties: { opened: limits, other: limits } },
    5,
    "{opened:{unit*:rpm|rph,value:integer},other:object}",
  ],
  [
    "an object in itself once",
    {
      type: "object",
      properties: {
        name: { type: "string" },
        opened: {
          type: "array",
          items: { type: "object", properties: { name: {}, opened: { type: "array", items: {} } } },
        },
      },
    },
    5,
    "{name,opened:[{…}]}",
  ],
  ["a list", { type: "array", items: limits }, 200, "[{unit*:rpm|rph,value:integer}]"],
  [
    "every name, even beyond the limit",
    { type: "object", properties: { first: {}, second: {}, third: {} } },
    5,
    "{first,second,third}",
  ],
  [
    "ranges once",
    {
      type: "object",
      properties: { cost_min: { type: "number" }, cost_max: { type: "number" }, units_min: {}, units_max: {}, x: {} },
    },
    60,
    "{cost_min/max:number,units_min/max,x}",
  ],
  [
    "shared first words once",
    { type: "object", properties: { aws_region: {}, aws_role_arn: {}, aws_role_id: {}, key: {} } },
    60,
    "{aws_{region,role_arn,role_id},key}",
  ],
  [
    "values that differ in letter case once",
    { type: "object", properties: { role: { type: "string", enum: ["admin", "Admin", "member"] } } },
    60,
    "{role:admin|member}",
  ],
  [
    "null where it is allowed",
    { type: "object", properties: { reset: { type: "string", nullable: true, enum: ["weekly", null] } } },
    60,
    "{reset:weekly|null}",
  ],
])("an outline says %s", (_, schema, limit, want) => {
  expect(outlineOf(schema, limit, ["opened"])).toBe(want);
});
