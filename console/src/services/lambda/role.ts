import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { client } from "../../aws/clients";

/** Makes the role that a function needs to run and to write its log, and answers its ARN. */
export async function makeBasicRole(functionName: string): Promise<string> {
  const iam = client(IAMClient);
  const RoleName = `${functionName.slice(0, 59)}-role`;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, Path: "/service-role/", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new AttachRolePolicyCommand({ RoleName, PolicyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" }),
  );
  return Role?.Arn ?? "";
}
