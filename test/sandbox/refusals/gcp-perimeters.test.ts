/** What the sandbox's Google Cloud refuses of perimeters and organisation policies. */
import { accepted } from "../../support/gcp-accepted.ts";
import { connect, gcp, later, madeOf, set } from "../../support/gcp-cases.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const LEVEL = "accesscontextmanager/accessLevel:AccessLevel";
const PERIMETER = "accesscontextmanager/servicePerimeter:ServicePerimeter";
const INGRESS = "accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy";
const noLevel = "accessPolicies/7/accessLevels/none";

const refused: RefusedTypes = {
  [gcp(LEVEL)]: [
    later.missing("title"),
    later.missing("basic"),
    later.fixed("parent", "accessPolicies/7"),
    later.name("name", "gateways", "accessPolicies/<number>/accessLevels/"),
    later.name("name", "accessPolicies/7/accessLevels/gateways", "does not lie in accessPolicies/10"),
    later.limit(
      "a range with host bits",
      { basic: { conditions: [{ ipSubnetworks: ["203.0.113.7/24"] }] } },
      "has host bits set",
    ),
    later.limit("a policy by its title", { parent: "default policy" }, "is no access policy"),
    {
      kind: "inUse",
      when: "deleting it while a perimeter lets it in",
      afterwards: (bench, { id }) =>
        madeOf(bench, PERIMETER, {
          status: {
            resources: ["projects/1"],
            ingressPolicies: [{ ingressFrom: { sources: [{ accessLevel: id }] } }],
          },
        }),
      code: "badRequest",
      says: "is referenced by the service perimeter",
    },
  ],
  [gcp(PERIMETER)]: [
    later.missing("title"),
    later.fixed("perimeterType", "PERIMETER_TYPE_BRIDGE"),
    later.name("name", "accessPolicies/7/servicePerimeters/a-b", "letters, digits and _"),
    later.reference(
      "a level that there is not",
      { status: { accessLevels: [noLevel] } },
      `The resource '${noLevel}' was not found`,
    ),
    later.limit(
      "a project by its name",
      { status: { resources: ["projects/example-ai"] } },
      "projects/<project number>",
    ),
    later.limit("a service by its title", { status: { restrictedServices: ["Vertex AI"] } }, "no service"),
    {
      kind: "limit",
      when: "a project that is in another one",
      change: set({ name: "accessPolicies/1/servicePerimeters/others", parent: "accessPolicies/1" }),
      first: ({ make }, inputs) => make(gcp(PERIMETER), inputs, "first"),
      code: "badRequest",
      says: "is already in the regular service perimeter",
    },
  ],
  [gcp(INGRESS)]: [
    later.missing("perimeter"),
    later.fixed("title", "others"),
    later.reference(
      "a perimeter that there is not",
      { perimeter: "accessPolicies/7/servicePerimeters/none", ingressFrom: undefined },
      "The resource 'accessPolicies/7/servicePerimeters/none' was not found",
    ),
    later.limit(
      "a level of another policy",
      { ingressFrom: { sources: [{ accessLevel: noLevel }] } },
      "is not of the perimeter's own access policy",
    ),
    later.limit("a project by its name", { ingressTo: { resources: ["projects/example-ai"] } }, "* for all"),
    {
      kind: "name",
      when: "a title that another rule has",
      first: ({ make }, inputs) => make(gcp(INGRESS), inputs, "first"),
      code: "alreadyExists",
      says: "The perimeter has a rule 'gateways' already",
    },
  ],
  [gcp("orgpolicy/policy:Policy")]: [
    later.missing("parent"),
    later.fixed("parent", "folders/7"),
    later.name("name", "iam.disableServiceAccountKeyCreation", "projects/<project>/policies/<constraint>"),
    later.name("name", "projects/other/policies/gcp.resourceLocations", "does not lie in projects/example-ai-"),
    later.limit("a rule that says nothing", { spec: { rules: [{}] } }, "none of them is given"),
    later.limit(
      "a rule that says two things",
      { spec: { rules: [{ allowAll: "TRUE", denyAll: "TRUE" }] } },
      "allowAll and denyAll is given",
    ),
  ],
};

testRefused({ package: "gcp", accepted, refused, connect });
