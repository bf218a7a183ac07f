/** What went wrong, in the server's own words: `AccessDenied: User: … is not authorized to perform …`. */
export interface Failure {
  code: string;
  message: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Error) {
    const code = error.name === "Error" || error.name === "" ? "Error" : error.name;
    const message = error.message === "" || error.message === "UnknownError" ? "The request failed." : error.message;
    return { code, message };
  }
  return { code: "Error", message: String(error) };
}

export function isDenied(error: unknown): boolean {
  return /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized/.test(failureOf(error).code);
}

/** Whether the thing asked for is not there, by the names that services give it. */
export function isMissing(error: unknown): boolean {
  return /NotFound|NoSuch|DoesNotExist|NonExistent/.test(failureOf(error).code);
}

/** What a page can do without: undefined where this identity may not see it. */
export async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}
