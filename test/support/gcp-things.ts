/** Things in Google Cloud that others refer to. */
import { gcp, region } from "./gcp-cases.ts";
import type { Bench } from "./sandbox-refusals.ts";

export const network = (bench: Bench) => bench.make(gcp("compute/network:Network"), { autoCreateSubnetworks: false });

export const ranges = [
  { rangeName: "pods", ipCidrRange: "10.40.128.0/17" },
  { rangeName: "services", ipCidrRange: "10.40.80.0/20" },
];

export const subnet = async (bench: Bench) => {
  const { id } = await network(bench);
  const inputs = { network: id, ipCidrRange: "10.40.0.0/18", secondaryIpRanges: ranges };
  return bench.make(gcp("compute/subnetwork:Subnetwork"), inputs);
};

export const key = async (bench: Bench, location = region, name = "main") => {
  const ring = await bench.make(gcp("kms/keyRing:KeyRing"), { location }, name);
  return bench.make(gcp("kms/cryptoKey:CryptoKey"), { keyRing: ring.id }, name);
};

export const keyFor = async (bench: Bench, agent: string) => {
  const made = await key(bench);
  const member = `serviceAccount:service-123@${agent}.iam.gserviceaccount.com`;
  const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
  await bench.make(gcp("kms/cryptoKeyIAMMember:CryptoKeyIAMMember"), { cryptoKeyId: made.id, role, member });
  return made;
};

export const account = (bench: Bench, accountId = "machines") =>
  bench.make(gcp("serviceaccount/account:Account"), { accountId });

export const member = async (bench: Bench) => ({
  role: "roles/viewer",
  member: `serviceAccount:${(await account(bench)).properties.email}`,
});
