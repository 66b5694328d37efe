import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { deployed, only, spelled } from './support.js';

test('a function whose manifest says `isolation` is in tenant isolation mode, and the gateway is told by which', () => {
  for (const isolation of ['tenant', 'caller']) {
    const { template } = deployed({ manifest: { isolation } });
    template.hasResourceProperties('AWS::Lambda::Function', {
      TenancyConfig: { TenantIsolationMode: 'PER_TENANT' },
    });
    const entry = spelled(only(template, 'AWS::SSM::Parameter')['Value']);
    assert.match(entry, new RegExp(`"isolation":"${isolation}"`));
  }
  const { template } = deployed();
  template.hasResourceProperties('AWS::Lambda::Function', { TenancyConfig: Match.absent() });
});

test('what Lambda refuses for such a function is refused while the template is made', () => {
  const manifest = { isolation: 'tenant' };
  assert.throws(
    () => deployed({ manifest }, { provisionedConcurrency: 1 }),
    /dev-penstock-idle: Lambda keeps no instances started for tenants/,
  );
  const { template } = deployed({ manifest });
  template.resourceCountIs('AWS::Lambda::Url', 0);
  template.hasResourceProperties('AWS::Lambda::Function', { SnapStart: Match.absent() });
});

test('an isolation there is not, and one of a library, are refused', () => {
  for (const isolation of ['session', true, null]) {
    assert.throws(() => deployed({ manifest: { isolation } }), /isolation is .*; use tenant or caller/);
  }
  const library = { kind: 'promptLibrary', definition: { name: 'team' }, isolation: 'tenant' };
  assert.throws(() => deployed({ file: 'library.json', manifest: library }), /and not for a library/);
});

test('the entry of a function that is there already says what its manifest says', () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:210987654321:function:theirs:7';
  const { template } = deployed({ manifest: { isolation: 'caller' } }, { functionArn });
  assert.match(spelled(only(template, 'AWS::SSM::Parameter')['Value']), /"isolation":"caller"/);
});
