import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Annotations, CfnParameter, CfnRule, Fn, Stack } from 'aws-cdk-lib';
import { Architecture, Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** The context key of the folder that paths are relative to; the working directory without it. */
const ROOT = 'penstock:root';

/** The context key of the folder of binaries, one folder a package; `target/lambda` without it, where `cargo lambda` builds. */
const ARTIFACTS = 'penstock:artifacts';

/** A parameter that nobody sets: assertions need one to speak of. */
const ALWAYS = 'built';

/** A path as the app's author wrote it, relative to the folder the app is about. */
export function resolve(scope: Construct, relative: string): string {
  const root: unknown = scope.node.tryGetContext(ROOT);
  return path.resolve(typeof root === 'string' ? root : '.', relative);
}

/**
 * The binary of a package. A template can be made without one; CloudFormation then refuses to deploy it and says which
 * package to build.
 */
export function binary(scope: Construct, packageName: string, architecture = Architecture.ARM_64): Code {
  const configured: unknown = scope.node.tryGetContext(ARTIFACTS);
  const folder = path.join(
    resolve(scope, typeof configured === 'string' ? configured : 'target/lambda'),
    packageName,
  );
  if (fs.existsSync(path.join(folder, 'bootstrap'))) {
    return Code.fromAsset(folder);
  }
  const flag = architecture === Architecture.ARM_64 ? '--arm64' : '--x86-64';
  const advice = `${packageName} is not built: cargo lambda build --release ${flag} --package ${packageName}`;
  Annotations.of(scope).addWarningV2('penstock:unbuilt', advice);
  refuseToDeploy(Stack.of(scope), packageName, advice);
  return Code.fromAsset(fileURLToPath(new URL('../../unbuilt', import.meta.url)));
}

/** A rule is checked before any resource is touched. */
function refuseToDeploy(stack: Stack, packageName: string, advice: string): void {
  const id = `Built${packageName.replace(/[^A-Za-z0-9]/g, '')}`;
  if (stack.node.tryFindChild(id) !== undefined) {
    return;
  }
  const parameter =
    (stack.node.tryFindChild('Binaries') as CfnParameter | undefined) ??
    new CfnParameter(stack, 'Binaries', {
      description: 'Leave as it is: a template made without its binaries is refused',
      default: ALWAYS,
      allowedValues: [ALWAYS],
    });
  new CfnRule(stack, id, {
    assertions: [
      { assert: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, ALWAYS)), assertDescription: advice },
    ],
  });
}

/** The package a folder belongs to: that of the nearest `Cargo.toml`; undefined outside any. */
export function packageOf(folder: string): string | undefined {
  const file = path.join(folder, 'Cargo.toml');
  if (fs.existsSync(file)) {
    return /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(fs.readFileSync(file, 'utf8'))?.[1];
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageOf(parent);
}
