/** Kubernetes' rules for names, labels and annotations. */
import type { NameRule, Problem } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties } from "../../values.ts";
import { bytesOf, invalid, tooLong } from "./problems.ts";

/** The forms of names that the API distinguishes. */
export type NameForm = "subdomain" | "label" | "service" | "segment" | "cronjob";

const SOURCE = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/";

const subdomain = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  allowed: "lowercase letters, digits, hyphens and dots, beginning and ending with a letter or digit",
  maxLength: 253,
  source: `${SOURCE}#dns-subdomain-names`,
};

const FORMS: Readonly<Record<NameForm, Omit<NameRule, "property" | "auto">>> = {
  subdomain,
  // A Job's name is made of it and the time: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
  cronjob: {
    ...subdomain,
    maxLength: 52,
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/",
  },
  label: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    allowed: "lowercase letters, digits and hyphens, beginning and ending with a letter or digit",
    maxLength: 63,
    source: `${SOURCE}#dns-label-names`,
  },
  service: {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    allowed: "lowercase letters, digits and hyphens, beginning with a letter, not ending with a hyphen",
    maxLength: 63,
    source: `${SOURCE}#rfc-1035-label-names`,
  },
  segment: {
    pattern: /^(?!\.{1,2}$)[^/%]+$/,
    allowed: 'anything but "/" and "%", and not "." or ".."',
    maxLength: 253,
    source: `${SOURCE}#path-segment-names`,
  },
};

/** The Kubernetes provider adds a hyphen and eight digits to the logical name. */
export function nameRule(form: NameForm, property = "metadata.name"): NameRule {
  return { property, ...FORMS[form], auto: { digits: 8 } };
}

/** What the API server finds wrong with an object's metadata, its name apart. */
export function metadataProblems(inputs: Properties, namespaced: boolean): Problem[] {
  const metadata = asObject(inputs.metadata);
  return [
    ...labelProblems(metadata.labels, "metadata.labels"),
    ...annotationProblems(metadata.annotations),
    ...namespaceNameProblems(knownString(metadata.namespace), namespaced),
  ];
}

function namespaceNameProblems(namespace: string | undefined, namespaced: boolean): Problem[] {
  const property = "metadata.namespace";
  if (namespace === undefined) return [];
  if (!namespaced) {
    const reason = `"${namespace}": an object of the cluster has no namespace`;
    return [{ property, kind: "name", reason, fix: "Leave it out" }];
  }
  if (FORMS.label.pattern?.test(namespace) === true && namespace.length <= 63) return [];
  const reason = `"${namespace}" is not allowed: ${FORMS.label.allowed}, at most 63 characters`;
  return [{ property, kind: "name", reason, source: FORMS.label.source }];
}

const LABEL_SOURCE =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";
const KEY_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What is wrong with a set of labels (or a selector's). */
export function labelProblems(labels: unknown, path: string): Problem[] {
  return Object.entries(asObject(labels)).flatMap(([key, value]) => {
    const text = knownString(value);
    if (text === undefined || LABEL_VALUE.test(text)) return keyProblems(key, path);
    const reason = `value "${text}" of "${key}": at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit`;
    const fix = "Shorten the value, or put it into an annotation";
    return [...keyProblems(key, path), { property: path, kind: "limit", reason, fix, source: LABEL_SOURCE }];
  });
}

/** https://pkg.go.dev/k8s.io/apimachinery/pkg/api/validation#TotalAnnotationSizeLimitB */
const ANNOTATION_BYTES = 256 * 1024;

function annotationProblems(annotations: unknown): Problem[] {
  if (isUnknown(annotations)) return [];
  const property = "metadata.annotations";
  const given = asObject(annotations);
  const size = bytesOf(given) + Buffer.byteLength(Object.keys(given).join(""));
  const large = size > ANNOTATION_BYTES ? [tooLong(property, ANNOTATION_BYTES, "Keep large texts in a ConfigMap")] : [];
  return [...Object.keys(given).flatMap((key) => keyProblems(key, property)), ...large];
}

function keyProblems(key: string, path: string): Problem[] {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  const prefixed = prefix === undefined || (FORMS.subdomain.pattern?.test(prefix) === true && prefix.length <= 253);
  if (more.length === 0 && prefixed && KEY_NAME.test(name)) return [];
  const reason = `key "${key}": an optional DNS prefix and "/", then at most 63 letters, digits, "-", "_" and "."`;
  return [{ property: path, kind: "limit", reason, fix: "Write the key in that form", source: LABEL_SOURCE }];
}

/** A name inside an object that has to be a DNS label: of a container, a volume, a port. */
export function innerNameProblems(name: unknown, path: string): Problem[] {
  const text = knownString(name);
  if (text === undefined || (FORMS.label.pattern?.test(text) === true && text.length <= 63)) return [];
  return [invalid(path, text, `a DNS label is needed: ${FORMS.label.allowed}, at most 63 characters`)];
}
