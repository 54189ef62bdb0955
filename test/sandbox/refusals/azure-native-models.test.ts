/** What the sandbox's Azure refuses: AI accounts and what is deployed in them. */
import type { Properties } from "../../../sandbox/values.ts";
import { account, connect, locked, nest, token } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type Bench, type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const within = (inputs: Properties, change: Properties) => ({
  ...inputs,
  properties: { ...(inputs.properties as Properties), ...change },
});

const deploy = (bench: Bench, properties: Properties = {}) =>
  nest(bench, "cognitiveservices:Deployment", {
    accountName: "ai",
    deploymentName: "chat",
    sku: { name: "DataZoneStandard", capacity: 10 },
    properties: { model: { format: "OpenAI", name: "gpt-5.4", version: "2026-03-05" }, ...properties },
  });

const refused: RefusedTypes = {
  [token("cognitiveservices:Account")]: [
    {
      kind: "required",
      when: "Entra identities without a name of its own",
      change: (inputs) => ({ ...inputs, properties: { disableLocalAuth: true } }),
      code: "InvalidRequestContent",
      says: "properties.disableLocalAuth",
    },
    {
      kind: "name",
      when: "a name with a dot",
      change: (inputs) => within(inputs, { customSubDomainName: "my.ai" }),
      code: "InvalidParameter",
      says: "2 to 64 letters, digits and hyphens",
    },
    {
      kind: "name",
      when: "a name that somebody has",
      first: (bench, inputs) => bench.make(token("cognitiveservices:Account"), { ...inputs, accountName: "first" }),
      code: "CustomDomainInUse",
      says: "already used by a resource",
    },
    {
      kind: "placement",
      when: "a region without Azure OpenAI",
      change: (inputs) => ({ ...inputs, location: "ukwest" }),
      code: "InvalidApiSetId",
      says: "ukwest",
    },
    {
      kind: "limit",
      when: "a private address among the firewall's",
      change: (inputs) => within(inputs, { networkAcls: { defaultAction: "Deny", ipRules: [{ value: "10.0.0.1" }] } }),
      code: "BadRequest",
      says: "10.0.0.1",
    },
    {
      kind: "immutable",
      when: "another name in the world",
      change: (inputs, bench) => within(inputs, { customSubDomainName: `moved-${bench.round}` }),
      code: "PropertyChangeNotAllowed",
      says: "a custom subdomain can't be changed",
    },
    {
      kind: "immutable",
      when: "another kind",
      change: (inputs) => ({ ...inputs, kind: "SpeechServices" }),
      code: "PropertyChangeNotAllowed",
      says: "an account keeps its kind",
    },
    {
      kind: "inUse",
      when: "deleting an account with a model in it",
      afterwards: (bench) => deploy(bench),
      code: "CannotDeleteResource",
      says: "deployments/chat",
    },
  ],
  [token("cognitiveservices:Deployment")]: [
    {
      kind: "reference",
      when: "an account that is not there",
      change: (inputs) => ({ ...inputs, accountName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "accounts/nowhere",
    },
    {
      kind: "reference",
      when: "a filter that is not there",
      change: (inputs) => within(inputs, { raiPolicyName: "strict" }),
      code: "InvalidParameter",
      says: 'no content filter "strict"',
    },
    {
      kind: "required",
      when: "no model",
      change: (inputs) => within(inputs, { model: { format: "OpenAI" } }),
      code: "InvalidResourceProperties",
      says: "properties.model.name",
    },
    {
      kind: "placement",
      when: "the data zone, from outside of it",
      change: async (inputs, bench) => {
        await account(bench, {
          accountName: "outside",
          location: "uksouth",
          properties: { customSubDomainName: `uk-${bench.round}` },
        });
        return { ...inputs, accountName: "outside" };
      },
      code: "InvalidResourceProperties",
      says: "is not supported in this region 'uksouth'",
    },
    {
      kind: "placement",
      when: "a deployment type that there is not",
      change: (inputs) => ({ ...inputs, sku: { name: "EuropeStandard", capacity: 1 } }),
      code: "InvalidResourceProperties",
      says: "EuropeStandard",
    },
    {
      kind: "limit",
      when: "more tokens a minute than a fresh subscription has",
      change: (inputs) => ({ ...inputs, sku: { name: "DataZoneStandard", capacity: 301 } }),
      code: "InsufficientQuota",
      says: "limit 300, in use 0, asked for 301",
    },
    {
      kind: "immutable",
      when: "another model",
      change: (inputs) => within(inputs, { model: { format: "OpenAI", name: "gpt-5-mini", version: "2025-08-07" } }),
      code: "PropertyChangeNotAllowed",
      says: "properties.model.name",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "deployments/chat" },
  ],
  [token("cognitiveservices:RaiPolicy")]: [
    {
      kind: "reference",
      when: "an account that is not there",
      change: (inputs) => ({ ...inputs, accountName: "nowhere" }),
      code: "ParentResourceNotFound",
      says: "accounts/nowhere",
    },
    {
      kind: "limit",
      when: "a threshold that there is not",
      change: (inputs) => within(inputs, { contentFilters: [{ name: "Hate", severityThreshold: "None" }] }),
      code: "BadRequest",
      says: "Low, Medium, High",
    },
    {
      kind: "immutable",
      when: "another base",
      change: (inputs) => within(inputs, { basePolicyName: "Microsoft.DefaultV2" }),
      code: "PropertyChangeNotAllowed",
      says: "properties.basePolicyName",
    },
    {
      kind: "inUse",
      when: "deleting the filter of a deployment",
      afterwards: (bench) => deploy(bench, { raiPolicyName: "strict" }),
      code: "Conflict",
      says: "deployments/chat",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused, connect });
