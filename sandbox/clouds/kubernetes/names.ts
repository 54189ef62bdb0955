/** Kubernetes' rules for names, labels and annotations. */
import type { NameRule, Problem } from "../../cloud.ts";
import { asObject, isUnknown, knownString, type Properties } from "../../values.ts";

/** The forms of names that the API distinguishes. */
export type NameForm = "subdomain" | "label" | "service" | "segment";

const SOURCE = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/";

const FORMS: Readonly<Record<NameForm, Omit<NameRule, "property" | "auto">>> = {
  subdomain: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    allowed: "lowercase letters, digits, hyphens and dots, beginning and ending with a letter or digit",
    maxLength: 253,
    source: `${SOURCE}#dns-subdomain-names`,
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
  const problems = [...labelProblems(metadata.labels, "metadata.labels"), ...annotationProblems(metadata.annotations)];
  const namespace = knownString(metadata.namespace);
  if (namespace === undefined) return problems;
  if (!namespaced) {
    problems.push({
      property: "metadata.namespace",
      reason: `"${namespace}": an object of the cluster has no namespace; leave it out`,
    });
  } else if (FORMS.label.pattern?.test(namespace) === false || namespace.length > 63) {
    problems.push({
      property: "metadata.namespace",
      reason: `"${namespace}" is not allowed: ${FORMS.label.allowed} (${FORMS.label.source})`,
    });
  }
  return problems;
}

const LABEL_SOURCE =
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set";
const KEY_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What is wrong with a set of labels (or a selector's). */
export function labelProblems(labels: unknown, path: string): Problem[] {
  return Object.entries(asObject(labels)).flatMap(([key, value]) => {
    const text = knownString(value);
    const badValue = text !== undefined && !LABEL_VALUE.test(text);
    return [
      ...keyProblems(key, path),
      ...(badValue
        ? [
            {
              property: path,
              reason: `value "${text}" of "${key}": at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter or digit (${LABEL_SOURCE})`,
            },
          ]
        : []),
    ];
  });
}

function annotationProblems(annotations: unknown): Problem[] {
  if (isUnknown(annotations)) return [];
  return Object.keys(asObject(annotations)).flatMap((key) => keyProblems(key, "metadata.annotations"));
}

function keyProblems(key: string, path: string): Problem[] {
  const [name = "", prefix, ...more] = key.split("/").reverse();
  const prefixed = prefix === undefined || (FORMS.subdomain.pattern?.test(prefix) === true && prefix.length <= 253);
  if (more.length === 0 && prefixed && KEY_NAME.test(name)) return [];
  return [
    {
      property: path,
      reason: `key "${key}": an optional DNS prefix and "/", then at most 63 letters, digits, "-", "_" and "." (${LABEL_SOURCE})`,
    },
  ];
}
