/**
 * What a service forces on a role: actions that cannot be held to a resource, and why. Whatever is not listed here or by the
 * one who deploys a tool is refused with `"Resource": "*"`.
 */
const UNBOUND: readonly { readonly actions: RegExp; readonly reason: string }[] = [
  {
    actions: /^ce:Get[A-Za-z]+$/,
    reason:
      'Cost Explorer knows no resource but billing views, which a request need not name; a request without one is only ' +
      'allowed on "*" (Service Authorization Reference, AWS Cost Explorer Service)',
  },
];

/** Why an action is allowed on every resource; undefined if nothing says that it has to be. */
export function wildcardReason(action: string): string | undefined {
  return UNBOUND.find((unbound) => unbound.actions.test(action))?.reason;
}
