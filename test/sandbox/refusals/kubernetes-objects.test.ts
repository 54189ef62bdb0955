/** What a cluster of the sandbox refuses of objects that run nothing. */
import { connect } from "../../support/refusals-kubernetes/common.ts";
import { suites } from "../../support/refusals-kubernetes/index.ts";
import { testRefused } from "../../support/sandbox-refusals.ts";

const { core, storage, access } = suites;

testRefused({ package: "kubernetes", ...core, connect });
testRefused({ package: "kubernetes", ...storage, connect });
testRefused({ package: "kubernetes", ...access, connect });
