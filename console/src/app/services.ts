// The one list of services.
import { cloudformation } from "../services/cloudformation/service";
import { cloudtrail } from "../services/cloudtrail/service";
import { cloudwatch } from "../services/cloudwatch/service";
import { config } from "../services/config/service";
import { dynamodb } from "../services/dynamodb/service";
import { eventbridge } from "../services/eventbridge/service";
import { iam } from "../services/iam/service";
import { kms } from "../services/kms/service";
import { lambda } from "../services/lambda/service";
import { mail } from "../services/mail/service";
import { s3 } from "../services/s3/service";
import { sns } from "../services/sns/service";
import { sqs } from "../services/sqs/service";
import { systemsManager } from "../services/systems-manager/service";
import { vpc } from "../services/vpc/service";
import { labs } from "../labs/service";
import type { ServicePages } from "./service";

export const SERVICES: readonly ServicePages[] = [
  cloudformation, cloudtrail, cloudwatch, config, dynamodb, eventbridge, iam, kms, labs, lambda, mail, s3, sns, sqs, systemsManager, vpc,
];
