/** What each cloud says when something goes wrong with itself: its error code, its words, and where it documents them. */
import type { Call, FaultKind, SetFault } from "./faults.ts";

export interface CloudError {
  /** The code that the cloud documents. */
  readonly code: string;
  /** HTTP status of the answer; absent where the cloud reports it later, in the state of an operation. */
  readonly status?: number;
  readonly text: string;
  readonly source: string;
}

/** Faults that are answered with an error; a slow cloud answers well, and a crash does not answer. */
export type AnsweredFault = Exclude<FaultKind, "slow" | "crash">;

type Errors = Readonly<Record<AnsweredFault, CloudError>>;

// The codes were seen in the vendors' documents or sources, except: InternalFailure and ServiceUnavailable of AWS (this
// page was not read), ServerBusy of Azure (read for an older API), InternalError of Kubernetes. The words are the
// vendors' where they were seen, else our own; Google's codes come with words of each service's choosing.
const awsCommon = "https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html";
const azureAllocation =
  "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/zonalallocation-allocationfailed-error";
const azureCommon = "https://learn.microsoft.com/rest/api/storagerp/srp_error_codes_common";
const googleCodes = "https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto";
const kubernetesCodes = "https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go";

const texts: Readonly<Record<string, Errors>> = {
  aws: {
    error: {
      code: "InternalFailure",
      status: 500,
      text: "The request processing has failed because of an unknown error, exception or failure.",
      source: awsCommon,
    },
    throttle: {
      code: "ThrottlingException",
      status: 400,
      text: "Rate exceeded",
      source:
        "https://docs.aws.amazon.com/botocore/latest/reference/services/eks/client/exceptions/ThrottlingException.html",
    },
    capacity: {
      code: "InsufficientInstanceCapacity",
      text: "There is not enough capacity for the instance type in the Availability Zone. Wait, ask for fewer or other instances, or use another zone.",
      source: "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchInstancesError.html",
    },
    down: {
      code: "ServiceUnavailable",
      status: 503,
      text: "The request has failed due to a temporary failure of the server.",
      source: awsCommon,
    },
  },
  "azure-native": {
    error: {
      code: "InternalError",
      status: 500,
      text: "The server encountered an internal error. Please retry the request.",
      source: azureCommon,
    },
    throttle: {
      code: "TooManyRequests",
      status: 429,
      text: "The request is being throttled. Wait as long as Retry-After says before the next one.",
      source: "https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling",
    },
    capacity: {
      code: "AllocationFailed",
      text: "There is not enough capacity for the VM size here. Try again later, another size, or another location.",
      source: azureAllocation,
    },
    down: {
      code: "ServerBusy",
      status: 503,
      text: "The server (or an internal component) is currently unavailable to receive requests. Please retry your request.",
      source: azureCommon,
    },
  },
  gcp: {
    error: { code: "INTERNAL", status: 500, text: "Internal error encountered.", source: googleCodes },
    throttle: { code: "RESOURCE_EXHAUSTED", status: 429, text: "Quota exceeded for requests.", source: googleCodes },
    capacity: {
      code: "ZONE_RESOURCE_POOL_EXHAUSTED",
      text: "The zone does not have enough resources available to fulfill the request. Try a different zone, or try again later.",
      source: "https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability",
    },
    down: { code: "UNAVAILABLE", status: 503, text: "The service is currently unavailable.", source: googleCodes },
  },
  kubernetes: {
    error: { code: "InternalError", status: 500, text: "Internal error occurred.", source: kubernetesCodes },
    throttle: {
      code: "TooManyRequests",
      status: 429,
      text: "the server has received too many requests and has asked us to try again later",
      source: kubernetesCodes,
    },
    capacity: {
      code: "ServiceUnavailable",
      status: 503,
      text: "the server is currently unable to handle the request",
      source: kubernetesCodes,
    },
    down: {
      code: "ServiceUnavailable",
      status: 503,
      text: "the server is currently unable to handle the request",
      source: kubernetesCodes,
    },
  },
};

/** What a cloud answers. @throws Error for a package that is none of the sandbox's */
export function cloudError(kind: AnsweredFault, pulumiPackage: string): CloudError {
  const found = texts[pulumiPackage]?.[kind];
  if (found === undefined) throw new Error(`no error text for ${kind} of ${pulumiPackage} in sandbox/fault-texts.ts`);
  return found;
}

const DOING: Readonly<Record<Call["kind"], string>> = {
  configure: "configuring",
  create: "creating",
  update: "updating",
  delete: "deleting",
  read: "reading",
  invoke: "calling",
};

/** The whole message: what was tried, the cloud's code and words, their source, and how to take the fault away. */
export function faultMessage(kind: AnsweredFault, fault: SetFault, call: Call, name: string): string {
  const { code, status, text, source } = cloudError(kind, call.package);
  const answer = status === undefined ? "" : ` (HTTP status ${status})`;
  const what = `${DOING[call.kind]} ${call.type}${name === "" ? "" : ` "${name}"`}`;
  return (
    `${what}: ${code}: ${text}${answer} See ${source}. ` +
    `It is fault ${fault.id} of the sandbox; to end it: twocloud sandbox fault --stack <stack> --clear ${fault.id}`
  );
}
