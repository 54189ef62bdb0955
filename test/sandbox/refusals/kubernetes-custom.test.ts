/** What a cluster of the sandbox refuses of custom resources. */
import { connect } from "../../support/refusals-kubernetes/common.ts";
import { suites } from "../../support/refusals-kubernetes/index.ts";
import { testRefused } from "../../support/sandbox-refusals.ts";

const { gateway, aiGateway } = suites;

testRefused({ package: "kubernetes", ...gateway, connect });
testRefused({ package: "kubernetes", ...aiGateway, connect });
