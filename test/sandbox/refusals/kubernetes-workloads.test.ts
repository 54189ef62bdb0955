/** What a cluster of the sandbox refuses of pods, their controllers and releases. */
import { connect } from "../../support/refusals-kubernetes/common.ts";
import { suites } from "../../support/refusals-kubernetes/index.ts";
import { testRefused } from "../../support/sandbox-refusals.ts";

const { pods, release } = suites;

testRefused({ package: "kubernetes", ...pods, connect });
testRefused({ package: "kubernetes", ...release, connect });
