// One process for all tests: loading the CDK takes longer than most of them.
import './app.test.js';
import './challenge.test.js';
import './cost.test.js';
import './deploy.test.js';
import './edge.test.js';
import './entry.test.js';
import './gateway.test.js';
import './options.test.js';
import './policies/gateway.test.js';
import './policies/tools.test.js';
import './policies/widened.test.js';
import './role.test.js';
import './sign-in.test.js';
import './tenants.test.js';
import './tool.test.js';
import './web-acl.test.js';
