import { at, testRefusals } from "../../support/refusals.ts";

const file = "environment";

const longZone = `${"a".repeat(40)}.prod.ai.example.com`.slice(-58);
const issuers = Array.from(
  { length: 14 },
  (_, index) =>
    `      - { name: more-${index}, issuer: "https://m.example.com", jwksUri: "https://m.example.com", audience: ai }\n`,
).join("");

testRefusals({
  "an unknown region, without a word on what follows from it": {
    edits: [[file, "region: europe-west4", "region: europe-west-4"]],
    problems: [
      at(
        "Pulumi.prod.yaml:24 config.twocloud:locations.gcp-main.region",
        "europe-west-4",
        "this region of gcp is not known",
        "europe-west4, europe-west1",
        "did you mean europe-west4?",
      ),
    ],
  },
  "a region of another cloud": {
    edits: [[file, "region: europe-west4", "region: eu-west-1"]],
    problems: [
      at(
        "Pulumi.prod.yaml:24 config.twocloud:locations.gcp-main.region",
        "eu-west-1",
        "this is a region of aws",
        "europe-west4",
        "use one of these",
      ),
    ],
  },
  "a zone that the region has not": {
    edits: [[file, "zones: [a, b, c]\n      cidr: 10.31.0.0/16", "zones: [a, b, d]\n      cidr: 10.31.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:17 config.twocloud:locations.aws-main.zones[2]",
        "d",
        "eu-west-1 has no such zone",
        "a, b, c",
        "use the names in the list",
      ),
    ],
  },
  "one zone where the cloud wants two": {
    edits: [[file, "zones: [a, b, c]\n      cidr: 10.31.0.0/16", "zones: [a]\n      cidr: 10.31.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:17 config.twocloud:locations.aws-main.zones",
        ["a"],
        "aws takes 2 to 3 zones here",
        "2 to 3 of a, b, c",
        "add a zone",
      ),
    ],
  },
  "a zone twice": {
    edits: [[file, "zones: [a, b, c]\n      cidr: 10.31.0.0/16", "zones: [a, a]\n      cidr: 10.31.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:17 config.twocloud:locations.aws-main.zones",
        ["a", "a"],
        "a zone is named twice",
        "each zone once",
        "remove the second",
      ),
    ],
  },
  "a gateway without a DNS zone": {
    edits: [[file, "      - { name: aws.prod.ai.example.com, location: aws-main }\n", ""]],
    problems: [
      at(
        "Pulumi.prod.yaml:34 config.twocloud:entry.zones",
        "azure-main, gcp-main",
        "the gateway in aws-main has no DNS zone",
        "a zone for each location with a gateway",
        "location: aws-main }",
      ),
    ],
  },
  "a DNS zone in an unknown location": {
    edits: [
      [file, "name: aws.prod.ai.example.com, location: aws-main", "name: aws.prod.ai.example.com, location: aws-mian"],
    ],
    problems: [
      at(
        "Pulumi.prod.yaml:36 config.twocloud:entry.zones[1].location",
        "aws-mian",
        "not under twocloud:locations",
        "azure-main, aws-main, gcp-main",
        "did you mean aws-main?",
      ),
    ],
  },
  "a DNS zone for two gateways": {
    edits: [[file, "name: aws.prod.ai.example.com", "name: gcp.prod.ai.example.com"]],
    problems: [
      at(
        "Pulumi.prod.yaml:37 config.twocloud:entry.zones[2].name",
        "gcp.prod.ai.example.com",
        "this name stands in zones[1] already",
        "each name once",
        "change it",
      ),
    ],
  },
  "two DNS zones for one gateway": {
    edits: [
      [
        file,
        "location: aws-main }\n",
        "location: aws-main }\n      - { name: more.example.com, location: aws-main }\n",
      ],
    ],
    problems: [
      at(
        "Pulumi.prod.yaml:37 config.twocloud:entry.zones[2].location",
        "aws-main",
        "this location stands in zones[1] already",
        "each location once",
        "remove one",
      ),
    ],
  },
  "Vertex called from other clouds without a perimeter": {
    edits: [[file, '      accessPolicy: "0000000000"\n', ""]],
    problems: [
      at(
        "Pulumi.prod.yaml:19 config.twocloud:locations.gcp-main.accessPolicy",
        undefined,
        "invoice-extraction is called here from another cloud",
        "access policy",
        "gcloud access-context-manager policies list",
      ),
    ],
  },
  "two locations in one GCP project": {
    edits: [
      [
        file,
        "  twocloud:access:",
        `    gcp-more:\n      cloud: gcp\n      project: example-ai-prod\n      projectNumber: "000000000003"\n      region: europe-west1\n      zones: [b]\n      cidr: 10.33.0.0/16\n  twocloud:access:`,
      ],
    ],
    problems: [
      at(
        "Pulumi.prod.yaml:29 config.twocloud:locations.gcp-more.project",
        "example-ai-prod",
        "this project is that of gcp-main",
        "a project of its own",
        "use another project",
      ),
    ],
  },
  "a zone too long for a certificate": {
    edits: [[file, "name: aws.prod.ai.example.com", `name: ${longZone}`]],
    problems: [
      at(
        "Pulumi.prod.yaml:36 config.twocloud:entry.zones[1].name",
        longZone,
        "has 66 characters; a certificate takes 64",
        "at most 56 characters",
        "use a shorter zone",
      ),
    ],
  },
  "more issuers than a gateway trusts": {
    edits: [[file, "    clientIssuers:\n", `    clientIssuers:\n${issuers}`]],
    problems: [
      at(
        "Pulumi.prod.yaml:30 config.twocloud:access.clientIssuers",
        "15 issuers",
        "a gateway trusts 16 issuers at most, and the other 2 gateways are among them",
        "at most 14",
        "fewer issuers",
      ),
    ],
  },
  "an override of an unknown workload": {
    environment: "staging",
    edits: [[file, "    support-chat:\n", "    suport-chat:\n"]],
    problems: [
      at(
        "Pulumi.staging.yaml:39 config.twocloud:overrides.suport-chat",
        "suport-chat",
        "no such workload in stacks/workloads.yaml",
        "support-chat, invoice-extraction",
        "did you mean support-chat?",
      ),
    ],
  },
  "an override of a path that does not exist": {
    environment: "staging",
    edits: [[file, "gcp-main: { replicas: { max: 2 } }", "gcp-mian: { replicas: { max: 2 } }"]],
    problems: [
      at(
        "Pulumi.staging.yaml:42 config.twocloud:overrides.support-chat.paths.gcp-mian",
        "gcp-mian",
        "support-chat has no path in this location",
        "azure-main, aws-main, gcp-main",
        "did you mean gcp-main?",
      ),
    ],
  },
  "an environment in another's file": {
    environment: "staging",
    edits: [[file, "twocloud:environment: staging", "twocloud:environment: dev"]],
    problems: [
      at(
        "Pulumi.staging.yaml:3 config.twocloud:environment",
        "dev",
        "this file is that of staging",
        "staging",
        "write staging, or rename the file",
      ),
    ],
  },
});
