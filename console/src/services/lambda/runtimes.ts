/** The runtimes that the console offers for new functions. Others that the API takes can be chosen by API. */
export const RUNTIMES = [
  "python3.13", "python3.12", "python3.11", "python3.10", "python3.9", "nodejs22.x", "nodejs20.x", "nodejs18.x", "provided.al2023",
] as const;

/** The code and handler that a new function begins with. */
export function beginningOf(runtime: string): { file: string; handler: string; code: string } {
  if (runtime.startsWith("nodejs")) {
    return {
      file: "index.mjs",
      handler: "index.handler",
      code: 'export const handler = async (event) => {\n  // TODO implement\n  return { statusCode: 200, body: JSON.stringify("Hello from Lambda!") };\n};\n',
    };
  }
  if (runtime.startsWith("python")) {
    return {
      file: "lambda_function.py",
      handler: "lambda_function.lambda_handler",
      code: 'import json\n\ndef lambda_handler(event, context):\n    # TODO implement\n    return {\n        "statusCode": 200,\n        "body": json.dumps("Hello from Lambda!")\n    }\n',
    };
  }
  return { file: "bootstrap", handler: "bootstrap", code: "#!/bin/sh\n" };
}

export function languageOf(file: string): "python" | "javascript" | "json" | "yaml" | "text" {
  if (file.endsWith(".py")) return "python";
  if (/\.[cm]?js$/.test(file)) return "javascript";
  if (file.endsWith(".json")) return "json";
  return /\.ya?ml$/.test(file) ? "yaml" : "text";
}
