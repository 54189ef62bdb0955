import { planSubnets } from "../../components/plan/addresses.ts";
import type { Location } from "../../components/plan/types.ts";
import type { CloudOutputs } from "./mocks.ts";

/** A location of AWS and what AWS adds to resources there, for construction tests. */

export const awsLocation: Location = {
  name: "aws-main",
  cloud: "aws",
  account: "111122223333",
  region: "eu-west-1",
  zones: ["a", "b", "c"],
  cidr: "10.30.0.0/16",
  geography: "eu",
  metro: "dublin",
};

export const awsSubnets = planSubnets(awsLocation.cidr, awsLocation.zones);

export const tags = { costCentre: "42" };

const { account, region } = awsLocation;

export const awsOutputs: CloudOutputs = {
  "aws:ec2/eip:Eip": ({ name }) => ({ allocationId: `eipalloc-${name}`, publicIp: `192.0.2.${name.length}` }),
  "aws:cloudwatch/logGroup:LogGroup": ({ name, inputs }) => ({
    name: inputs.name ?? name,
    arn: `arn:aws:logs:${region}:${account}:log-group:${inputs.name ?? name}`,
  }),
  "aws:iam/role:Role": ({ name }) => ({ name, arn: `arn:aws:iam::${account}:role/${name}` }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ({ inputs }) => ({
    arn: `arn:aws:iam::${account}:oidc-provider/${String(inputs.url).replace("https://", "")}`,
  }),
  "aws:kms/key:Key": ({ name }) => ({ keyId: name, arn: `arn:aws:kms:${region}:${account}:key/${name}` }),
  "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 3 }),
  "aws:eks/cluster:Cluster": ({ inputs }) => ({
    arn: `arn:aws:eks:${region}:${account}:cluster/${inputs.name}`,
    endpoint: "https://api.example",
    certificateAuthority: { data: "Y2E=" },
    identities: [{ oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLE` }] }],
  }),
  "aws:ecr/repository:Repository": ({ inputs }) => ({
    arn: `arn:aws:ecr:${region}:${account}:repository/${inputs.name}`,
    repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${inputs.name}`,
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ name, inputs }) => ({
    id: `vpce-${name}`,
    privateDnsEnabled: inputs.privateDnsEnabled ?? false,
  }),
  "aws:route53/zone:Zone": () => ({ zoneId: "Z1", nameServers: ["ns-1.example", "ns-2.example"] }),
  "aws:acm/certificate:Certificate": ({ inputs }) => ({
    arn: `arn:aws:acm:${region}:${account}:certificate/1`,
    domainValidationOptions: [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_proof.${inputs.domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_value.acm-validations.example.",
      },
    ],
  }),
};

/** The same with what AWS says of everything but identities: in which region it is. */
export function inRegion(outputs: CloudOutputs): CloudOutputs {
  return new Proxy(outputs, {
    get(target, type: string) {
      if (!/^aws:(?!iam)/.test(type)) return target[type];
      return (resource: Parameters<CloudOutputs[string]>[0]) => ({ region, ...target[type]?.(resource) });
    },
  });
}

/** The statements of a policy document in a resource's inputs. */
export function statementsOf(document: unknown): Record<string, unknown>[] {
  return (JSON.parse(String(document)) as { Statement: Record<string, unknown>[] }).Statement;
}
