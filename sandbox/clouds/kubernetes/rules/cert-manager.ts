/** cert-manager v1.20: its webhook refuses what the definitions let through. https://cert-manager.io/docs/concepts/webhook/ */
import type { Problem } from "../../../cloud.ts";
import { asList, asObject, containsUnknown, knownString, type Properties } from "../../../values.ts";
import { given, type RulesByKind, secondsOf } from "./rule.ts";

const GROUP = "cert-manager.io";
const CERTIFICATES = "https://cert-manager.io/docs/usage/certificate/";
const ISSUERS = "https://cert-manager.io/docs/configuration/";

export const certManagerRules: RulesByKind = {
  [`${GROUP}/Certificate`]: { check: certificateProblems },
  [`${GROUP}/Issuer`]: { check: issuerProblems },
  [`${GROUP}/ClusterIssuer`]: { check: issuerProblems },
};

const NAMES = ["commonName", "literalSubject", "dnsNames", "emailAddresses", "ipAddresses", "otherNames", "uris"];
/** Bits of a key, by algorithm: all sizes between the two, or these alone. */
const RSA_BITS = [2048, 8192] as const;
const ECDSA_BITS = [256, 384, 521];
const HOUR = 3600;

function certificateProblems(spec: Properties): Problem[] {
  const commonName = knownString(spec.commonName);
  return [
    ...(containsUnknown(spec) || NAMES.some((field) => asList(spec[field]).length > 0 || knownString(spec[field]))
      ? []
      : [
          denied(
            "spec",
            "Invalid value: at least one of commonName (from the commonName field or from a literalSubject), dnsNames, emailSANs, ipAddresses, otherNames, or uriSANs must be set",
            "Give dnsNames",
            CERTIFICATES,
          ),
        ]),
    ...(commonName !== undefined && commonName.length > 64
      ? [denied("spec.commonName", "Too long: may not be more than 64 bytes", "Give it among dnsNames", CERTIFICATES)]
      : []),
    ...keyProblems(asObject(spec.privateKey)),
    ...durationProblems(spec),
  ];
}

function keyProblems({ algorithm = "RSA", size }: Properties): Problem[] {
  if (typeof size !== "number") return [];
  const property = "spec.privateKey.size";
  const [least, most] = RSA_BITS;
  if (algorithm === "RSA" && (size < least || size > most)) {
    const reason = `Invalid value: ${size}: must be between ${least} and ${most} for rsa keyAlgorithm`;
    return [denied(property, reason, "Choose a size in that range", CERTIFICATES)];
  }
  if (algorithm !== "ECDSA" || ECDSA_BITS.includes(size)) return [];
  const reason = `Unsupported value: ${size}: supported values: "256", "384", "521"`;
  return [denied(property, reason, "Choose one of them", CERTIFICATES)];
}

function durationProblems({ duration, renewBefore }: Properties): Problem[] {
  const whole = duration === undefined ? 90 * 24 * HOUR : secondsOf(duration);
  const before = secondsOf(renewBefore);
  if (whole !== undefined && whole < HOUR) {
    const reason = `Invalid value: "${duration}": certificate duration must be greater than 1h0m0s`;
    return [denied("spec.duration", reason, "Let it live longer", CERTIFICATES)];
  }
  if (whole === undefined || before === undefined || before < whole) return [];
  const reason = `Invalid value: "${renewBefore}": certificate duration ${duration ?? "2160h"} must be greater than renewBefore ${renewBefore}`;
  return [denied("spec.renewBefore", reason, "Renew it later, or let it live longer", CERTIFICATES)];
}

const ISSUER_TYPES = ["acme", "ca", "selfSigned", "vault", "venafi"];

function issuerProblems(spec: Properties): Problem[] {
  const [first, ...more] = given(spec, ISSUER_TYPES);
  if (first === undefined) {
    const fix = `Configure one of ${ISSUER_TYPES.join(", ")}`;
    return [denied("spec", "Required value: at least one issuer must be configured", fix, ISSUERS)];
  }
  return more.map((type) =>
    denied(`spec.${type}`, "Forbidden: may not specify more than one issuer type", "Make an issuer of each", ISSUERS),
  );
}

function denied(property: string, reason: string, fix: string, source: string): Problem {
  const webhook = 'Forbidden: admission webhook "webhook.cert-manager.io" denied the request';
  return { property, kind: "limit", reason: `${webhook}: ${reason}`, fix, source };
}
