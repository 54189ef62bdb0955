/** What the sandbox's Azure refuses: logs. */

import { connect, locked, storage, token, workspace } from "../../support/refusals-azure-native.ts";
import { accepted } from "../../support/refusals-azure-native-accepted.ts";
import { type RefusedTypes, testRefused } from "../../support/sandbox-refusals.ts";

const SETTING = token("monitor:DiagnosticSetting");

const refused: RefusedTypes = {
  [token("operationalinsights:Workspace")]: [
    {
      kind: "limit",
      when: "keeping logs for a week",
      change: (inputs) => ({ ...inputs, retentionInDays: 7 }),
      code: "BadRequest",
      says: "30 to 730 days",
    },
    {
      kind: "placement",
      when: "a tier that is not sold any more",
      change: (inputs) => ({ ...inputs, sku: { name: "Free" }, retentionInDays: undefined }),
      code: "BadRequest",
      says: "PerGB2018",
    },
    {
      kind: "required",
      when: "a commitment to nothing",
      change: (inputs) => ({ ...inputs, sku: { name: "CapacityReservation" } }),
      code: "InvalidRequestContent",
      says: "sku.capacityReservationLevel",
    },
    {
      kind: "name",
      when: "a name with an underscore",
      change: (inputs) => ({ ...inputs, workspaceName: "my_logs" }),
      code: "InvalidParameter",
      says: "letters, digits and hyphens",
    },
    { kind: "inUse", when: "deleting a locked one", afterwards: locked, code: "ScopeLocked", says: "workspaces/logs" },
  ],
  [SETTING]: [
    {
      kind: "required",
      when: "logs that go nowhere",
      change: ({ workspaceId: _, ...inputs }) => inputs,
      code: "BadRequest",
      says: "needs a destination",
    },
    {
      kind: "reference",
      when: "a workspace that is not there",
      change: (inputs) => ({ ...inputs, workspaceId: `${inputs.workspaceId}-gone` }),
      code: "InvalidResourceReference",
      says: "logs-gone",
    },
    {
      kind: "placement",
      when: "logs that the resource doesn't write",
      change: (inputs) => ({ ...inputs, logs: [{ category: "kube-audit", enabled: true }] }),
      code: "BadRequest",
      says: "Category 'kube-audit' is not supported",
    },
    {
      kind: "placement",
      when: "storage in another region",
      change: async (inputs, bench) => ({
        ...inputs,
        storageAccountId: (await storage(bench, { location: "westeurope" })).id,
      }),
      code: "BadRequest",
      says: "they must be in one region",
    },
    {
      kind: "name",
      when: "one destination twice",
      first: (bench, inputs) => bench.make(SETTING, { ...inputs, name: "first" }),
      code: "Conflict",
      says: "Data sink is already used",
    },
    {
      kind: "limit",
      when: "a sixth setting of one resource",
      first: async (bench, inputs) => {
        for (let index = 0; index < 5; index++) {
          const { id } = await workspace(bench, `logs${index}`);
          await bench.make(SETTING, { ...inputs, name: `send${index}`, workspaceId: id });
        }
      },
      code: "BadRequest",
      says: "has 5 diagnostic settings",
    },
    {
      kind: "immutable",
      when: "another name",
      change: (inputs) => ({ ...inputs, name: "other" }),
      code: "PropertyChangeNotAllowed",
      says: "name",
    },
    {
      kind: "inUse",
      when: "deleting a locked one",
      afterwards: locked,
      code: "ScopeLocked",
      says: "diagnosticSettings",
    },
  ],
};

testRefused({ package: "azure-native", accepted, refused, connect });
