import { join } from "node:path";
import { receiptFindings, receiptsIn } from "../../receipts.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { repository } from "../../stack-files.ts";

const name = "fallback-receipt";

export const fallbackReceipt: Rule = {
  name,
  description:
    "Every fallback of a critical workload was seen to take over within the last 30 days, as it is deployed now: a receipt has the digest of its gateway objects. On a real cloud the evidence is live; a simulated one counts for the sandbox.",
  severity: "critical",
  tags: ["two-cloud-minimum", "drill"],
  references: ["EU AI Act Art. 15(4)"],
  remediationSteps: "Run a drill of the workload; it writes the receipt to stacks/receipts.",
  url: explainedAt(name),
  reads: [
    {
      type: "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute",
      path: "spec.rules[].backendRefs[].modelNameOverride",
    },
  ],
  validateStack: judging((graph) => receiptFindings(graph, receiptsIn(join(repository, "stacks", "receipts")))),
};
