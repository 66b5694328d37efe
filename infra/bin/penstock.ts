import { App } from 'aws-cdk-lib';
import { Penstock } from '../lib/app.js';

new Penstock(new App(), process.env['STAGE'] ?? 'dev');
