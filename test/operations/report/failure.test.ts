import { expect, test } from "vitest";
import { failureText } from "../../../operations/report/failure.ts";

/** A failed run in words. */

const locations = ["azure-main", "aws-main", "gcp-main"];
const error = (name: string, message: string) => ({
  diagnosticEvent: { urn: `urn:pulumi:dev::twocloud::t::${name}`, message, severity: "error" },
});
const failure = (events: Parameters<typeof failureText>[0]["events"], output = "") =>
  failureText({ operation: "up", stack: "dev", events, output, locations, log: "engine.log" });

test("a cloud that does not answer: how to go on with the others", () => {
  const text = failure([error("gcp-main-cluster", "UNAVAILABLE: The service is currently unavailable.")]);
  expect(text).toContain("gcp-main did not answer");
  expect(text).toContain("npm run twocloud -- up --stack dev --without gcp-main");
  expect(text).toContain("Everything that the engine said: engine.log");
});

test("a right in one location for another is the first one's", () => {
  const text = failure([error("aws-main-access-from-gcp-main-role", "dial tcp: connection refused")]);
  expect(text).toContain("--without aws-main");
});

test("all of them silent: leaving them all out is no advice", () => {
  const events = locations.map((name) => error(name, "HTTP status 503"));
  expect(failure(events)).not.toContain("--without");
});

test("an answer that says no is not silence", () => {
  expect(failure([error("gcp-main-network", "googleapi: Error 403: forbidden")])).not.toContain("--without");
});

test("a lock: who holds it", () => {
  expect(failure([], "error: the stack is currently locked by 1 lock(s).")).toContain("doctor --stack dev says which");
});

test("what a rule refuses comes first", () => {
  const policyEvent = { policyName: "residency", message: "outside", enforcementLevel: "mandatory" };
  const text = failure([{ policyEvent }, error("x", "up failed elsewhere")]);
  expect(text.indexOf("residency: outside")).toBeLessThan(text.indexOf("up failed elsewhere"));
});
