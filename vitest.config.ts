import { defineConfig } from "vitest/config";

/** Tests that start the real engine: each takes seconds to minutes and uses the machine for itself. */
const engineTests = "test/engine/**/*.test.ts";

/** What goes wrong at random moments, over and over: half an hour, so `npm test` leaves it out (npm run test:resilience). */
const resilienceTests = "test/resilience/**/*.test.ts";

/** Each rule of the policy pack on the real engine (npm run test:rules). */
const ruleTests = "test/rules/**/*.test.ts";

/** The real gateway, which takes minutes to get and to drill (npm run test:gateway). */
const gatewayTests = "test/gateway/**/*.test.ts";

/** Checkov over the Kubernetes objects of the shipped stacks (npm run test:manifests). */
const manifestTests = "test/manifests/**/*.test.ts";

/** A real API server, which takes minutes to build (npm run test:kubernetes). */
const kubernetesTests = "test/kubernetes/**/*.test.ts";

export default defineConfig({
  test: {
    reporters: ["default"],
    // Forked processes: tests start programs, change their environment and load gRPC, which worker threads share badly.
    pool: "forks",
    // Each worker holds the SDKs' modules: more than two are slower on two cores, and take memory from the engine.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [engineTests, resilienceTests, ruleTests, gatewayTests, manifestTests, kubernetesTests],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "engine",
          include: [engineTests],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "rules",
          include: [ruleTests],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: "gateway",
          include: [gatewayTests],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: "manifests",
          include: [manifestTests],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 5 },
        },
      },
      {
        extends: true,
        test: {
          name: "kubernetes",
          include: [kubernetesTests],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 6 },
        },
      },
      {
        extends: true,
        test: {
          name: "resilience",
          include: [resilienceTests],
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
