import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { client } from "../../aws/clients";
import { every, useRead } from "../../aws/queries";

/** Functions of the account, as suggestions of their ARNs. */
export function useFunctions() {
  return useRead({
    key: ["config", "functions"], follows: ["AWS::Lambda::Function"],
    read: async () => {
      const functions = await every((Marker) => client(LambdaClient).send(new ListFunctionsCommand({ Marker })), (answer) => [answer.Functions, answer.NextMarker]);
      return functions.map(({ FunctionArn = "", FunctionName = "" }) => ({ value: FunctionArn, label: FunctionArn, description: FunctionName }));
    },
  });
}
