import { App } from 'aws-cdk-lib';
import { DeployRoleStack } from '../lib/deploy-role-stack.js';

const stage = process.env['STAGE'] ?? 'dev';
new DeployRoleStack(new App(), `${stage}-penstock-deploy-role`, { stage });
