import {
  canonicalType,
  type Fault,
  type FaultKind,
  type FaultPhase,
  faultKinds,
  faultPhases,
  isKnownType,
  knownTypes,
  nearestName,
  openStore,
  packageNames,
  type SetFault,
  type Store,
} from "../../sandbox/index.ts";
import { workspaceOf } from "../engine/workspace.ts";
import { checkStack, loadPlan, sandboxDay, UsageError } from "./load.ts";

/** As typed: every value is text. */
export interface FaultOptions {
  readonly stack: string;
  readonly kind?: string;
  readonly package?: string;
  readonly type?: string;
  readonly location?: string;
  readonly at?: string;
  readonly nth?: string;
  readonly first?: string;
  readonly every?: string;
  readonly milliseconds?: string;
  readonly list?: boolean;
  /** An id; true for all. */
  readonly clear?: string | true;
}

/** What each kind asks for besides where it is: `needs` exactly one of these, `may` have those. */
const SETTINGS: Readonly<Record<FaultKind, { needs?: readonly Setting[]; may?: readonly Setting[] }>> = {
  error: { may: ["nth"] },
  throttle: { needs: ["first", "every"] },
  slow: { needs: ["milliseconds"] },
  capacity: {},
  down: { may: ["at"] },
  crash: { may: ["nth"] },
};
const settings = ["at", "nth", "first", "every", "milliseconds"] as const;
type Setting = (typeof settings)[number];

/** A day of waiting is a mistake, not a slow cloud. */
const LARGEST = 86_400_000;

/**
 * `twocloud sandbox fault`: sets a fault, shows those that are set, or takes them away.
 * @param folder the sandbox. @default this checkout's
 * @throws UsageError with what is wrong and what is allowed
 */
export function faultCommand(options: FaultOptions, folder?: string): string {
  checkStack(options.stack);
  const doing = [options.kind, options.list, options.clear].filter((each) => each !== undefined && each !== false);
  if (doing.length !== 1) {
    throw new UsageError(`Say one of --kind <${faultKinds.join("|")}>, --list and --clear [id].`);
  }
  const fault = options.kind === undefined ? undefined : faultOf(options, locationsOf(options.stack));
  const store = openStore(workspaceOf(options.stack, folder).database);
  try {
    if (fault !== undefined) return `Set: ${described({ ...fault, id: store.faults.add(fault), calls: 0 })}`;
    return options.list === true ? listed(options.stack, store) : cleared(options.clear, store);
  } finally {
    store.close();
  }
}

/** Names of locations and of their accounts. */
function locationsOf(stack: string): string[] {
  return loadPlan(stack, sandboxDay()).locations.flatMap(({ name, account }) => [name, account]);
}

/** The fault that the options describe. @throws UsageError with everything that is wrong */
export function faultOf(options: FaultOptions, locations: readonly string[]): Fault {
  const kind = oneOf("--kind", options.kind ?? "", faultKinds);
  const { needs = [], may = [] } = SETTINGS[kind];
  const problems: string[] = [];
  const given = settings.filter((setting) => options[setting] !== undefined);
  for (const setting of given.filter((each) => ![...needs, ...may].includes(each))) {
    problems.push(`--${setting} means nothing for ${kind}; it takes ${flags([...needs, ...may])}`);
  }
  const needed = given.filter((setting) => needs.includes(setting));
  if (needs.length > 0 && needed.length !== 1) problems.push(`${kind} needs one of ${flags(needs)}`);
  if (kind === "down" && options.package === undefined && options.location === undefined) {
    problems.push("down needs --package, --location or both: what is down?");
  }
  if (kind === "capacity" && options.package === "kubernetes" && options.type === undefined) {
    problems.push("capacity of kubernetes needs --type: nodes come from the node pools of aws, azure-native and gcp");
  }
  const check = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems.push((error as Error).message);
      return undefined;
    }
  };
  const number = (setting: Exclude<Setting, "at">) => check(() => wholeNumber(`--${setting}`, options[setting]));
  const fields = {
    package: check(() => options.package && oneOf("--package", options.package, packageNames)),
    type: check(() => options.type && typeToken(options.type)),
    location: check(() => options.location && oneOf("--location", options.location, locations)),
    at: check(() => options.at && oneOf<FaultPhase>("--at", options.at, faultPhases)),
    nth: number("nth"),
    first: number("first"),
    every: number("every"),
    milliseconds: number("milliseconds"),
  };
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return { kind, ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) };
}

function flags(names: readonly Setting[]): string {
  return names.length === 0 ? "no further setting" : names.map((name) => `--${name}`).join(", ");
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const near = nearestName(value, allowed);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new UsageError(`${option} ${value} is not known.${hint} Known are: ${allowed.join(", ")}`);
}

function typeToken(type: string): string {
  if (isKnownType(type)) return canonicalType(type);
  const near = nearestName(type, knownTypes);
  throw new UsageError(
    `--type ${type} is no type of the sandbox.${near === undefined ? "" : ` Did you mean ${near}?`}`,
  );
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= LARGEST) return value;
  throw new UsageError(`${option} ${text} is no whole number from 1 to ${LARGEST}`);
}

function listed(stack: string, store: Store): string {
  const faults = store.faults.list();
  return faults.length === 0 ? `No fault is set in the sandbox of ${stack}.` : faults.map(described).join("\n");
}

function cleared(clear: string | true | undefined, store: Store): string {
  if (clear === true || clear === undefined) return `Faults taken away: ${store.faults.remove()}`;
  const id = wholeNumber("--clear", clear);
  if (store.faults.remove(id) > 0) return `Fault ${clear} is taken away.`;
  const known = store.faults.list().map((fault) => fault.id);
  throw new UsageError(`There is no fault ${clear}. Set are: ${known.join(", ") || "none"}`);
}

/** One line: id, kind, where, how, and how often it was met. */
export function described({ id, calls, kind, ...fault }: SetFault): string {
  const what = Object.entries(fault).map(([key, value]) => `${key} ${value}`);
  return `${id}  ${kind}  ${what.join(", ") || "everywhere"}  (requests met: ${calls})`;
}
