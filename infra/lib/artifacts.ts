import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, AssetHashType, CfnParameter, CfnRule, DockerImage, Fn, Stack } from 'aws-cdk-lib';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The context key of the folder that paths are relative to; the working directory without it. */
const ROOT = 'penstock:root';

/**
 * The context key of the folder of binaries, one folder a package; `target/lambda` without it, where `cargo lambda`
 * builds.
 */
const ARTIFACTS = 'penstock:artifacts';

/** What is deployed in the place of a binary that is not there; it never is. */
const UNBUILT = fileURLToPath(new URL('../../unbuilt', import.meta.url));

/** The one value of a parameter that nobody sets: assertions need one to speak of. */
const ALWAYS = 'built';

/** A path as the app's author wrote it, relative to the folder the app is about. */
export function resolve(scope: Construct, relative: string): string {
  const root: unknown = scope.node.tryGetContext(ROOT);
  return path.resolve(typeof root === 'string' ? root : '.', relative);
}

/**
 * The binary of a package. A template can be made without one; CloudFormation then refuses to deploy it and says which
 * package to build.
 *
 * @param files what lies beside the binary: paths, relative to `folder` here and to the working directory there
 */
export function binary(
  scope: Construct,
  packageName: string,
  architecture = Architecture.ARM_64,
  folder = '.',
  files: readonly string[] = [],
): Code {
  const configured: unknown = scope.node.tryGetContext(ARTIFACTS);
  const all = resolve(scope, typeof configured === 'string' ? configured : 'target/lambda');
  let built = path.join(all, packageName);
  if (!fs.existsSync(path.join(built, 'bootstrap'))) {
    const flag = architecture === Architecture.ARM_64 ? '--arm64' : '--x86-64';
    const advice = `${packageName} is not built: cargo lambda build --release ${flag} --package ${packageName}`;
    Annotations.of(scope).addWarningV2('penstock:unbuilt', advice);
    refuseToDeploy(Stack.of(scope), packageName, advice);
    built = UNBUILT;
  }
  return files.length === 0 ? Code.fromAsset(built) : together(built, folder, files);
}

/** A binary and files, without a container to put them together in. */
function together(built: string, folder: string, files: readonly string[]): Code {
  const tryBundle = (output: string) => {
    fs.cpSync(built, output, { recursive: true });
    for (const file of files) {
      fs.cpSync(path.join(folder, file), path.join(output, file), { recursive: true });
    }
    return true;
  };
  const image = DockerImage.fromRegistry('never-pulled');
  return Code.fromAsset(built, { assetHashType: AssetHashType.OUTPUT, bundling: { image, local: { tryBundle } } });
}

/** A rule is checked before any resource is touched. */
function refuseToDeploy(stack: Stack, packageName: string, advice: string): void {
  const id = `Built${packageName.replace(/[^A-Za-z0-9]/g, '')}`;
  if (stack.node.tryFindChild(id) !== undefined) {
    return;
  }
  const known = stack.node.tryFindChild('Binaries') as CfnParameter | undefined;
  const description = 'Leave as it is: a template made without its binaries is refused';
  const parameter =
    known ?? new CfnParameter(stack, 'Binaries', { description, default: ALWAYS, allowedValues: [ALWAYS] });
  const never = Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, ALWAYS));
  new CfnRule(stack, id, { assertions: [{ assert: never, assertDescription: advice }] });
}

/** A package of this workspace, or of another. */
export interface Package {
  readonly name: string;
  readonly folder: string;
}

/** The package a folder belongs to: that of the nearest `Cargo.toml`; undefined outside any. */
export function packageOf(folder: string): Package | undefined {
  const file = path.join(folder, 'Cargo.toml');
  if (fs.existsSync(file)) {
    const name = /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(fs.readFileSync(file, 'utf8'))?.[1];
    return name === undefined ? undefined : { name, folder };
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageOf(parent);
}
