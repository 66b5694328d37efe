import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { stage } from '../lib/app.js';
import { DeployRoleStack } from '../lib/deploy-role-stack.js';

const app = new App();
const name = stage(process.env['STAGE'] ?? 'dev');
new DeployRoleStack(app, `${name}-penstock-deploy-role`, { stage: name });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
