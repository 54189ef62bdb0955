import { join } from "node:path";
import { receiptFindings } from "../../evidence.ts";
import { receiptsIn } from "../../receipts.ts";
import { explainedAt, judging, type Rule } from "../../rule.ts";
import { repository } from "../../stack-files.ts";

const name = "fallback-receipt";

export const fallbackReceipt: Rule = {
  name,
  description:
    "Every fallback of a critical workload was seen to take over within the last 30 days, or as many as its workload allows where these are fewer, as it is deployed now: a receipt has the digest of its gateway objects. On a real cloud the evidence is live; a simulated one counts for the sandbox.",
  severity: "critical",
  tags: ["two-cloud-minimum", "drill"],
  references: ["EU AI Act Art. 15(4)"],
  remediationSteps:
    "Run a drill of the stack (twocloud drill --stack <stack>, with --live for a real cloud); it writes the receipts to stacks/receipts, to be committed with the change.",
  url: explainedAt(name),
  reads: [
    {
      type: "kubernetes:aigateway.envoyproxy.io/v1beta1:AIGatewayRoute",
      path: "spec.rules[].backendRefs[].modelNameOverride",
    },
  ],
  validateStack: judging((graph) =>
    receiptFindings(graph, (stack) => receiptsIn(join(repository, "stacks", "receipts"), stack)),
  ),
};
