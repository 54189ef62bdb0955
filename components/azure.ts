import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights/index.js";
import * as pulumi from "@pulumi/pulumi";
import { type AzureRole, roleDefinitionId } from "./identity/azure-roles.ts";
import { stableName } from "./plan/names.ts";
import type { Location } from "./plan/types.ts";

/** What the Azure components have in common: unique names, grants of roles, logs, and checks of their arguments. */

/**
 * A name that Azure wants to be unique in the world. It hangs on the resource group, whose own name is drawn anew
 * whenever it is made: what is destroyed and built again does not meet the name that Azure still keeps for its deleted
 * predecessor (a vault: up to 90 days).
 *
 * @param scope name of the resource group
 * @param maxLength Azure's limit, characters
 */
export function worldName(
  readable: string,
  location: Location,
  scope: pulumi.Input<string>,
  maxLength: number,
  separator: "-" | "" = "-",
): pulumi.Output<string> {
  return pulumi
    .output(scope)
    .apply((group) => stableName(readable, `${location.account}/${group}/${readable}`, maxLength, separator));
}

/**
 * Puts properties back as they were written. Azure's SDK fills defaults into a structure only when everything in it is
 * known, so that in a first preview the whole of it is hidden from the policy pack for the sake of one reference. The
 * components say all that matters themselves.
 */
export function asWritten(properties: Readonly<Record<string, unknown>>): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({ props: { ...props, ...properties }, opts });
}

/** What a role is granted on, and to whom. */
export interface Grant {
  readonly role: AzureRole;
  /** Object id of an identity. */
  readonly principalId: pulumi.Input<string>;
  /**
   * What kind of identity it is. Always said, so that Azure need not look up one that its directory may not show yet.
   * @default a managed identity
   */
  readonly principalType?: pulumi.Input<authorization.PrincipalType>;
  /** Resource id. */
  readonly scope: pulumi.Input<string>;
  /** Where the subscription is. */
  readonly location: Location;
}

/** Grants a role to an identity. It may take Azure some minutes until the grant holds everywhere. */
export function grant(
  name: string,
  { role, principalId, principalType, scope, location }: Grant,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return new authorization.RoleAssignment(
    name,
    {
      roleDefinitionId: roleDefinitionId(location.account, role),
      principalId,
      principalType: principalType ?? authorization.PrincipalType.ServicePrincipal,
      scope,
    },
    opts,
  );
}

/**
 * Days that Log Analytics keeps logs: the price of the first 30 is part of what it takes to store them, so fewer
 * can't be chosen. https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
 */
const retention = { least: 30, most: 730 } as const;

/** What is wrong with keeping logs for so many days; fewer than Azure's 30 are not wrong, they become 30. */
export function retentionProblems(days: number): string[] {
  if (Number.isInteger(days) && days >= 1 && days <= retention.most) return [];
  return [`logRetentionDays is ${days}; Log Analytics keeps whole days, up to ${retention.most}`];
}

export interface LogWorkspaceArgs {
  readonly location: Location;
  readonly scope: pulumi.Input<string>;
  readonly logRetentionDays: number;
  readonly tags: Record<string, string>;
}

/** Where a component's logs go; read with Entra identities only, by the rights on the resource that logged. */
export function logWorkspace(
  name: string,
  { location, scope, logRetentionDays, tags }: LogWorkspaceArgs,
  opts: pulumi.CustomResourceOptions,
): operationalinsights.Workspace {
  return new operationalinsights.Workspace(
    name,
    {
      resourceGroupName: scope,
      location: location.region,
      sku: { name: operationalinsights.WorkspaceSkuNameEnum.PerGB2018 },
      retentionInDays: Math.max(retention.least, logRetentionDays),
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      tags,
    },
    opts,
  );
}

/** Sends the named categories of a resource's logs to a workspace. */
export function sendLogs(
  name: string,
  resourceUri: pulumi.Input<string>,
  workspace: operationalinsights.Workspace,
  categories: readonly string[],
  opts: pulumi.CustomResourceOptions,
): monitor.DiagnosticSetting {
  return new monitor.DiagnosticSetting(
    name,
    {
      resourceUri,
      workspaceId: workspace.id,
      // One table a kind of log instead of one that holds them all.
      logAnalyticsDestinationType: "Dedicated",
      logs: categories.map((category) => ({ category, enabled: true })),
    },
    opts,
  );
}

/** What is wrong with how a location's zones are written. */
export function zoneProblems({ name, zones }: Location): string[] {
  const wrong = zones.filter((zone) => !/^[1-9]$/.test(zone));
  if (wrong.length === 0) return [];
  return [`location ${name} has the zones [${wrong.join(", ")}]; Azure numbers them: 1, 2, 3`];
}
