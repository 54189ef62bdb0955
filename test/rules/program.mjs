/** Registers the resources that a file lists (RAW_RESOURCES), without any component of this project: see programs.ts. */
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

const made = new Map();

/** `{ "$id": "<name>" }` is the id of a resource that was made before. */
function resolved(value) {
  if (Array.isArray(value)) return value.map(resolved);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$id === "string") return made.get(value.$id).id;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)]));
}

for (const { type, name, props = {}, outputs, parent, provider, dependsOn = [] } of JSON.parse(
  readFileSync(process.env.RAW_RESOURCES, "utf8"),
)) {
  const opts = {
    ...(parent === undefined ? {} : { parent: made.get(parent) }),
    ...(provider === undefined ? {} : { provider: made.get(provider) }),
    dependsOn: dependsOn.map((other) => made.get(other)),
  };
  if (outputs !== undefined) {
    const component = new pulumi.ComponentResource(type, name, {}, opts);
    component.registerOutputs(resolved(outputs));
    made.set(name, component);
  } else if (type.startsWith("pulumi:providers:")) {
    made.set(name, new pulumi.ProviderResource(type.split(":")[2], name, resolved(props), opts));
  } else {
    made.set(name, new pulumi.CustomResource(type, name, resolved(props), opts));
  }
}
