import { gatewayCharts, gatewayImages } from "../../../components/gateway/names.ts";
import { serverImage } from "../../../components/model/names.ts";
import { nearest, type Problem } from "../../../components/plan/problem.ts";
import type { ResolvedWorkload, StackInput } from "../resolve.ts";

/** The lock has what gateways and model servers run; a missing entry would show in the middle of a run. */
export function checkImages({ images, files }: StackInput, workloads: readonly ResolvedWorkload[]): Problem[] {
  if (images === undefined) return [];
  const hosting = workloads.some(({ paths }) => paths.some((path) => path.entry.serving === "self-hosted"));
  const needed = {
    images: [...Object.values(gatewayImages), ...(hosting ? [serverImage] : [])],
    charts: [...gatewayCharts],
  };
  return (["images", "charts"] as const).flatMap((kind) =>
    needed[kind]
      .filter((name) => !Object.hasOwn(images[kind], name))
      .map((name) => {
        const near = nearest(
          name,
          Object.keys(images[kind]).filter((other) => !needed[kind].some((each) => each === other)),
        );
        return {
          file: files.images,
          path: [kind, name],
          message: `this is missing: ${name === serverImage ? "model servers run" : "the gateways need"} it`,
          allowed: needed[kind].join(", "),
          fix: near === undefined ? "add it" : `add it; is ${near} a slip?`,
        };
      }),
  );
}
