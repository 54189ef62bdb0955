import { at, testRefusals } from "../../support/refusals.ts";

const file = "environment";

/** One more than EKS takes. */
const manyRanges = Array.from({ length: 41 }, (_, index) => `192.0.2.${index}/32`);

testRefusals({
  "a range that overlaps another's": {
    edits: [[file, "10.31.0.0/16", "10.30.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.30.0.0/16",
        "overlaps that of azure-main (10.30.0.0/16)",
        "share no address",
        "a range of its own",
      ),
    ],
  },
  "a range inside another's": {
    edits: [[file, "10.31.0.0/16", "10.30.64.0/20"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.30.64.0/20",
        "wrong size",
        "a /16",
        "write a /16",
      ),
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.30.64.0/20",
        "overlaps that of azure-main",
        "share no address",
        "a range of its own",
      ),
    ],
  },
  "a range without its length": {
    edits: [[file, "10.31.0.0/16", "10.31.0.0"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.31.0.0",
        "not an IPv4 range",
        "10.20.0.0/16",
        "address and prefix length",
      ),
    ],
  },
  "a range with an impossible address": {
    edits: [[file, "10.31.0.0/16", "10.310.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.310.0.0/16",
        "not an IPv4 range",
        "10.20.0.0/16",
        "address and prefix length",
      ),
    ],
  },
  "an IPv6 range": {
    edits: [[file, "10.31.0.0/16", "fd00::/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "fd00::/16",
        "not an IPv4 range",
        "10.20.0.0/16",
        "address and prefix length",
      ),
    ],
  },
  "a range that does not begin with its first address": {
    edits: [[file, "10.31.0.0/16", "10.31.7.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.31.7.0/16",
        "not how the range is written",
        "its first address",
        "write 10.31.0.0/16",
      ),
    ],
  },
  "a range with leading zeros, which other programs read as octal": {
    edits: [[file, "10.31.0.0/16", "10.031.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "10.031.0.0/16",
        "not how the range is written",
        "its first address",
        "write 10.31.0.0/16",
      ),
    ],
  },
  "a public range": {
    edits: [[file, "10.31.0.0/16", "52.31.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "52.31.0.0/16",
        "this range is public",
        "a /16 in 10.0.0.0/8",
        "take a /16 of these",
      ),
    ],
  },
  "a range just beyond the private ones": {
    edits: [[file, "10.31.0.0/16", "172.32.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:18 config.twocloud:locations.aws-main.cidr",
        "172.32.0.0/16",
        "this range is public",
        "172.16.0.0/12",
        "take a /16 of these",
      ),
    ],
  },
  "a runner from anywhere": {
    edits: [[file, "runnerCidrs: [192.0.2.0/24]", "runnerCidrs: [0.0.0.0/0]"]],
    problems: [
      at(
        "Pulumi.prod.yaml:28 config.twocloud:access.runnerCidrs[0]",
        "0.0.0.0/0",
        "much of the internet",
        "ranges of your own",
        "name the addresses that you come from",
      ),
    ],
  },
  "a client range that is none": {
    edits: [[file, "clientCidrs: [198.51.100.0/24]", "clientCidrs: [198.51.100.0/24, office]"]],
    problems: [
      at(
        "Pulumi.prod.yaml:29 config.twocloud:access.clientCidrs[1]",
        "office",
        "not an IPv4 range",
        "10.20.0.0/16",
        "address and prefix length",
      ),
    ],
  },
  "more runners than a cluster takes": {
    edits: [[file, "runnerCidrs: [192.0.2.0/24]", `runnerCidrs: [${manyRanges.join(", ")}]`]],
    problems: [
      at(
        "Pulumi.prod.yaml:28 config.twocloud:access.runnerCidrs",
        manyRanges,
        "this list is too long",
        "at most 40 entries",
        "remove some",
      ),
    ],
  },
  "nobody who may call the gateways": {
    edits: [
      [
        file,
        "    clientCidrs: [198.51.100.0/24] # from where applications reach the gateways\n",
        "    clientCidrs: []\n",
      ],
    ],
    problems: [
      at(
        "Pulumi.prod.yaml:29 config.twocloud:access.clientCidrs",
        [],
        "this list is empty",
        "at least one entry",
        "add an entry",
      ),
    ],
  },
  "a range that a cloud's clusters use themselves": {
    edits: [[file, "10.30.0.0/16", "172.30.0.0/16"]],
    problems: [
      at(
        "Pulumi.prod.yaml:12 config.twocloud:locations.azure-main.cidr",
        "172.30.0.0/16",
        "clusters in azure can't use this range",
        "except 172.30.0.0/16, 172.31.0.0/16",
        "no other network of yours uses",
      ),
    ],
  },
  "no runner at all": {
    edits: [[file, "runnerCidrs: [192.0.2.0/24]", "runnerCidrs: []"]],
    problems: [
      at(
        "Pulumi.prod.yaml:28 config.twocloud:access.runnerCidrs",
        [],
        "this list is empty",
        "at least one entry",
        "add an entry",
      ),
    ],
  },
});
