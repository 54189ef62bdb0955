import { partitionOf, type Statement } from "../aws.ts";
import type { Location } from "../plan/types.ts";

/** Which Bedrock resources a call of a model touches, and the statements that allow it. No engine needed. */

/** A model as Bedrock's permissions see it; the plan's `ManagedModel` is one. */
export interface InvocableModel {
  /** Id of an inference profile, or of a foundation model where there is none. */
  readonly modelId: string;
  /** The model behind the profile; null: `modelId` is the model itself. */
  readonly foundationModel: string | null;
  /** Regions that the profile may send a request to; null: unknown, so any of the partition. */
  readonly profileRegions: readonly string[] | null;
}

/** Answers at once, and as a stream; `Converse` needs no more. */
export const invocationActions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];

/** ARNs of the inference profiles of this account and region. */
export function profileArns(location: Location, models: readonly InvocableModel[]): string[] {
  const { account, region } = location;
  return unique(
    models
      .filter(({ foundationModel }) => foundationModel !== null)
      .map(({ modelId }) => `arn:${partitionOf(region)}:bedrock:${region}:${account}:inference-profile/${modelId}`),
  );
}

/** ARNs of the foundation models behind profiles, in every region that a request may be sent on to. */
export function profiledModelArns(location: Location, models: readonly InvocableModel[]): string[] {
  return unique(
    models.flatMap(({ foundationModel, profileRegions }) => {
      if (foundationModel === null) return [];
      // Unknown regions widen the region, never the model.
      const regions = profileRegions === null ? ["*"] : unique([location.region, ...profileRegions]);
      return regions.map((region) => foundationArn(location, region, foundationModel));
    }),
  );
}

/** ARNs of the foundation models that are called by themselves, in the location's region. */
export function directModelArns(location: Location, models: readonly InvocableModel[]): string[] {
  return unique(
    models
      .filter(({ foundationModel }) => foundationModel === null)
      .map(({ modelId }) => foundationArn(location, location.region, modelId)),
  );
}

/** All of them: what a request for these models may touch. */
export function invocableArns(location: Location, models: readonly InvocableModel[]): string[] {
  return [profileArns, profiledModelArns, directModelArns].flatMap((arnsOf) => arnsOf(location, models));
}

/**
 * What allows a role exactly these models. A request through a profile is checked against the profile and against the model
 * behind it in the region that it is sent on to: the model is allowed only for requests through these profiles, so that
 * `condition`, which the profile's own statement has, holds for every request.
 * @param condition on where a call comes from
 */
export function invocationStatements(
  location: Location,
  models: readonly InvocableModel[],
  condition: NonNullable<Statement["Condition"]>,
): Statement[] {
  const profiles = profileArns(location, models);
  const direct = directModelArns(location, models);
  const statements: Statement[] = [];
  if (profiles.length > 0) {
    const throughProfile = { ArnEquals: { "bedrock:InferenceProfileArn": profiles } };
    const behind = profiledModelArns(location, models);
    statements.push({
      Sid: "Profiles",
      Effect: "Allow",
      Action: invocationActions,
      Resource: profiles,
      Condition: condition,
    });
    statements.push({
      Sid: "ModelsBehindProfiles",
      Effect: "Allow",
      Action: invocationActions,
      Resource: behind,
      Condition: throughProfile,
    });
  }
  if (direct.length > 0) {
    statements.push({
      Sid: "Models",
      Effect: "Allow",
      Action: invocationActions,
      Resource: direct,
      Condition: condition,
    });
  }
  return statements;
}

/** Ids that Bedrock can't have, and models named twice. */
export function modelProblems(models: readonly InvocableModel[]): string[] {
  const problems = models.length === 0 ? ["models is empty; name at least one that may be called"] : [];
  for (const { modelId, foundationModel } of models) {
    for (const id of foundationModel === null ? [modelId] : [modelId, foundationModel]) {
      if (/^[a-z0-9][a-zA-Z0-9.:_-]*$/.test(id)) continue;
      problems.push(`models has the id "${id}"; Bedrock's are like vendor.model-name-v1:0, without a wildcard`);
    }
  }
  return problems;
}

function foundationArn(location: Location, region: string, model: string): string {
  return `arn:${partitionOf(location.region)}:bedrock:${region}::foundation-model/${model}`;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
