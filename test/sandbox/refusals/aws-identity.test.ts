/** What the sandbox's AWS refuses of identities. */
import { accepted } from "../../support/refusals-aws.ts";
import {
  ATTACHMENT,
  access,
  connect,
  document,
  keptBy,
  POLICY,
  ROLE,
  refusedBy,
  role,
  set,
  twice,
  without,
} from "../../support/refusals-aws-bench.ts";
import { type Refused, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const INLINE = "aws:iam/rolePolicy:RolePolicy";
const ISSUER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ACCESS_KEY = "aws:iam/accessKey:AccessKey";

const noRole = (code: string): Refused =>
  refusedBy("reference", "a role that is not there", set({ role: "none" }), code, "role");

const refused: RefusedTypes = {
  [ROLE]: [
    refusedBy("name", "a name with a blank", set({ name: "a b" }), "ValidationError", "name"),
    twice(ROLE, "a name twice", "EntityAlreadyExists", "Role with name caller already exists"),
    refusedBy(
      "limit",
      "a trust that is no JSON",
      set({ assumeRolePolicy: "{" }),
      "MalformedPolicyDocument",
      "assumeRolePolicy",
    ),
    refusedBy(
      "limit",
      "a trust of resources",
      set({ assumeRolePolicy: access }),
      "MalformedPolicyDocument",
      "prohibited field Resource",
    ),
    refusedBy(
      "limit",
      "a day of session",
      set({ maxSessionDuration: 86_400 }),
      "ValidationError",
      "from 3600 to 43200",
    ),
    refusedBy("immutable", "another path", set({ path: "/team/" }), "InvalidAction", "path"),
    refusedBy(
      "reference",
      "a principal that is not there",
      set({
        assumeRolePolicy: document({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:role/none" },
          Action: "sts:AssumeRole",
        }),
      }),
      "MalformedPolicyDocument",
      "Invalid principal",
    ),
    keptBy(
      "a policy is attached",
      ({ make }, { id }) => make(ATTACHMENT, { role: id, policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
      "DeleteConflict",
      "must detach all policies first",
    ),
    keptBy(
      "it has a policy of its own",
      ({ make }, { id }) => make(INLINE, { role: id, name: "read", policy: access }),
      "DeleteConflict",
      "must delete policies first",
    ),
  ],
  [POLICY]: [
    refusedBy(
      "limit",
      "a statement without effect",
      set({ policy: document({ Action: "s3:*", Resource: "*" }) }),
      "MalformedPolicyDocument",
      "Effect",
    ),
    refusedBy(
      "limit",
      "a principal",
      set({ policy: document({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" }) }),
      "MalformedPolicyDocument",
      "should not specify a principal",
    ),
    refusedBy(
      "limit",
      "a document that is too long",
      set({
        policy: document({
          Effect: "Allow",
          Action: "s3:*",
          Resource: Array.from({ length: 700 }, (_, nth) => `arn:aws:s3:::b${nth}`),
        }),
      }),
      "LimitExceeded",
      "PolicySize: 6144",
    ),
    twice(POLICY, "a name twice", "EntityAlreadyExists", "read"),
    refusedBy("immutable", "another description", set({ description: "New" }), "InvalidAction", "description"),
    keptBy(
      "a role has it",
      async (bench, { properties }) =>
        bench.make(ATTACHMENT, { role: (await role(bench)).id, policyArn: properties.arn }),
      "DeleteConflict",
      "attached to entities",
    ),
  ],
  [INLINE]: [
    noRole("NoSuchEntity"),
    refusedBy(
      "limit",
      "a statement without resource",
      set({ policy: document({ Effect: "Allow", Action: "s3:*" }) }),
      "MalformedPolicyDocument",
      "no Resource",
    ),
    refusedBy("name", "a name with a blank", set({ name: "a b" }), "ValidationError", "name"),
    refusedBy("immutable", "another role", set({ role: "none" }), "InvalidAction", "role"),
  ],
  [ATTACHMENT]: [
    noRole("NoSuchEntity"),
    refusedBy(
      "reference",
      "a policy that is not there",
      set({ policyArn: "arn:aws:iam::111122223333:policy/none" }),
      "NoSuchEntity",
      "policyArn",
    ),
    refusedBy("required", "no policy", without("policyArn"), "ValidationError", "policyArn"),
    {
      kind: "limit",
      when: "the eleventh of a role",
      first: async ({ make }, inputs) => {
        for (let nth = 1; nth <= 10; nth++) {
          const held = await make(POLICY, { name: `p${nth}`, policy: access }, `p${nth}`);
          await make(ATTACHMENT, { role: inputs.role, policyArn: held.properties.arn }, `a${nth}`);
        }
      },
      code: "LimitExceeded",
      says: "managed policies of a role",
    },
  ],
  [ISSUER]: [
    refusedBy("limit", "an issuer without TLS", set({ url: "http://issuer.example.com" }), "InvalidInput", "url"),
    refusedBy(
      "limit",
      "a thumbprint that is too short",
      set({ thumbprintLists: ["abc"] }),
      "InvalidInput",
      "thumbprintLists[0]",
    ),
    twice(ISSUER, "an issuer twice", "EntityAlreadyExists", "url"),
    refusedBy("immutable", "another issuer", set({ url: "https://other.example.com" }), "InvalidAction", "url"),
    refusedBy("required", "no audience", without("clientIdLists"), "ValidationError", "clientIdLists"),
  ],
  [ACCESS_KEY]: [
    refusedBy("required", "no user", without("user"), "ValidationError", "user"),
    refusedBy("immutable", "another user", set({ user: "other" }), "InvalidAction", "user"),
    {
      kind: "limit",
      when: "the third of a user",
      first: async ({ make }, inputs) => {
        await make(ACCESS_KEY, inputs, "one");
        await make(ACCESS_KEY, inputs, "two");
      },
      code: "LimitExceeded",
      says: "AccessKeysPerUser: 2",
    },
  ],
};

testRefused({ package: "aws", accepted, refused, connect });
