// The Lambda runtime for Node.js: loads the handler, takes events from the Runtime API, reports results and errors.
//
// Cloudchamber's own code. Error types, messages and log lines are those of the managed runtimes, since people match on them.
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const util = require('node:util');
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');

const INVOCATION = '/2018-06-01/runtime/invocation/';
const FRAME = Buffer.from([0xa5, 0x5a, 0x00, 0x01]);
const ENV = process.env;
const RUNTIME_VERSION = Number((/nodejs(\d+)/.exec(ENV.AWS_EXECUTION_ENV || '') || [])[1] || 20);

// --- the log

const LEVELS = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
const AS_JSON = (ENV.AWS_LAMBDA_LOG_FORMAT || '').toUpperCase() === 'JSON';
const LEAST = (AS_JSON && LEVELS[(ENV.AWS_LAMBDA_LOG_LEVEL || '').toUpperCase()]) || 0;
let requestId;

// Entries may span lines, so each is framed; print and entries share the pipe, which keeps their order.
function write(text) {
  const body = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(8);
  FRAME.copy(head);
  head.writeUInt32BE(body.length, 4);
  let rest = Buffer.concat([head, body]);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function described(error) {
  return {
    errorType: error?.name ?? 'UnknownError',
    errorMessage: error?.message ?? String(error),
    stackTrace: typeof error?.stack === 'string' ? error.stack.split('\n') : [],
  };
}

function replacer() {
  const above = [];
  return function (_, value) {
    if (typeof value === 'bigint') return value.toString();
    if (value instanceof Error) return Object.assign(described(value), value);
    if (typeof value !== 'object' || value === null) return value;
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (above.includes(value)) return null;
    above.push(value);
    return value;
  };
}

function asJson(level, timestamp, args) {
  const entry = { timestamp, level, requestId };
  if (args.length === 1 && typeof args[0] === 'object' && args[0] !== null && !(args[0] instanceof Error)) {
    entry.message = args[0];
  } else {
    entry.message = util.format(...args);
    const error = args.find((each) => each instanceof Error);
    if (error) Object.assign(entry, described(error));
  }
  return JSON.stringify(entry, replacer());
}

function log(level, args) {
  if (LEVELS[level] < LEAST) return;
  const timestamp = new Date().toISOString();
  write(AS_JSON ? asJson(level, timestamp, args) : `${timestamp}\t${requestId}\t${level}\t${util.format(...args)}`);
}

for (const [name, level] of Object.entries({
  log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', debug: 'DEBUG', trace: 'TRACE', fatal: 'FATAL',
})) {
  console[name] = (...args) => log(level, args);
}

// --- errors

class Fault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function isError(value) {
  return value instanceof Error || util.types.isNativeError(value);
}

function document(error) {
  try {
    if (isError(error)) {
      return {
        errorType: error.name?.replaceAll('\x7f', '%7F'),
        errorMessage: error.message?.replaceAll('\x7f', '%7F'),
        trace: (error.stack ?? '').replaceAll('\x7f', '%7F').split('\n'),
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack', trace: [] };
  }
}

// As the log has it: with what else the error carries, and its stack.
function logged(error) {
  if (!isError(error)) return JSON.stringify(document(error));
  const { errorType, errorMessage, trace } = document(error);
  const entry = { errorType, errorMessage };
  if (error.code !== undefined) entry.code = error.code;
  return JSON.stringify(Object.assign(entry, error, { stack: trace }), replacer());
}

function logError(what, error) {
  if (AS_JSON) log('ERROR', [isError(error) ? error : String(error)]);
  else log('ERROR', [`${what} \t${logged(error)}`]);
}

// --- the Runtime API: one connection on the bare socket, so that code that patches HTTP does not reach it

class RuntimeApi {
  constructor(address) {
    const slash = address.indexOf('/');
    this.host = slash < 0 ? address : address.slice(0, slash);
    this.prefix = slash < 0 ? '' : address.slice(slash);
    this.waiting = [];
    this.pending = Buffer.alloc(0);
    const [name, port] = this.host.split(':');
    this.socket = net.connect({ host: name, port: Number(port), noDelay: true });
    this.socket.on('data', (data) => this.received(data));
    // The supervisor has gone, and so will this process.
    this.socket.on('error', () => process.exit(1));
    this.socket.on('close', () => process.exit(1));
  }

  received(data) {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    const end = this.pending.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!this.head) {
      const [status, ...fields] = this.pending.subarray(0, end).toString('latin1').split('\r\n');
      this.head = { status: Number(status.split(' ')[1]), headers: {} };
      for (const field of fields) {
        const colon = field.indexOf(':');
        this.head.headers[field.slice(0, colon).trim().toLowerCase()] = field.slice(colon + 1).trim();
      }
      this.head.total = end + 4 + Number(this.head.headers['content-length'] ?? 0);
    }
    if (this.pending.length < this.head.total) return;
    const { status, headers, total } = this.head;
    const body = this.pending.subarray(end + 4, total);
    this.pending = this.pending.subarray(total);
    this.head = undefined;
    this.waiting.shift()({ status, headers, body });
  }

  call(method, where, headers = {}, body = '') {
    const content = Buffer.from(body, 'utf8');
    const lines = [`${method} ${this.prefix}${where} HTTP/1.1`, `Host: ${this.host}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    lines.push(`Content-Length: ${content.length}`, '', '');
    // While it waits for an answer the process must live; while a handler runs, the connection must not keep it alive.
    this.socket.ref();
    this.socket.write(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), content]));
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const api = new RuntimeApi(ENV.AWS_LAMBDA_RUNTIME_API);

function post(where, error) {
  const body = JSON.stringify(document(error));
  const kind = isError(error) ? error.name : 'Unhandled';
  const headers = {
    'Content-Type': 'application/json',
    'Lambda-Runtime-Function-Error-Type': /^[\x21-\x7e]{1,200}$/.test(kind) ? kind : 'Unhandled',
  };
  return api.call('POST', where, headers, body);
}

// --- the handler

globalThis.awslambda = {
  streamifyResponse() {
    throw new Fault('Runtime.ResponseStreaming', 'Response streaming is not built in Cloudchamber: return the whole response.');
  },
};

function isModule(file, root) {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = path.dirname(file); folder.startsWith(root); folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (fs.existsSync(manifest)) return JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module';
    if (folder === path.dirname(folder)) break;
  }
  return false;
}

async function loadModule(root, name) {
  const base = path.resolve(root, name);
  const file = ['', '.js', '.mjs', '.cjs'].map((ending) => base + ending).find((each) => {
    return fs.existsSync(each) && fs.statSync(each).isFile();
  });
  const require = createRequire(path.join(root, 'index.js'));
  if (!file) return require(require.resolve(name, { paths: [root, ...(ENV.NODE_PATH || '').split(':')] }));
  if (isModule(file, root)) return import(pathToFileURL(file).href);
  return require(file);
}

async function loadHandler(name) {
  const folder = path.dirname(name);
  const parts = /^([^.]*)\.(.*)$/.exec(path.basename(name));
  if (!parts || name.includes('..')) throw new Fault('Runtime.MalformedHandlerName', name.includes('..') ? `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.` : 'Bad handler');
  let found;
  try {
    found = await loadModule(ENV.LAMBDA_TASK_ROOT, path.join(folder, parts[1]));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Fault('Runtime.UserCodeSyntaxError', String(error.stack ?? error));
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new Fault('Runtime.ImportModuleError', String(error));
    }
    throw error;
  }
  const inside = (object) => parts[2].split('.').reduce((each, key) => each?.[key], object);
  const handler = inside(found) ?? inside(found.default);
  if (!handler) throw new Fault('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new Fault('Runtime.HandlerNotFound', `${name} is not a function`);
  if (RUNTIME_VERSION >= 24 && handler.length >= 3) {
    throw new Fault('Runtime.CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return handler;
}

function header(text) {
  return text ? JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) : undefined;
}

function context(headers, end) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  let waits = true;
  const own = {
    functionVersion: ENV.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: ENV.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: ENV.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: ENV.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: ENV.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: header(headers['lambda-runtime-client-context']),
    identity: header(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  if (RUNTIME_VERSION < 24) {
    Object.defineProperty(own, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true, get: () => waits, set: (value) => { waits = value; },
    });
    own.succeed = (result) => { waits = false; end(null, result); };
    own.fail = (error) => { waits = false; end(error ?? 'handled'); };
    own.done = (error, result) => { waits = false; end(error, result); };
  }
  return { own, waits: () => waits };
}

// --- one event after the other

let whenIdle;
process.on('beforeExit', () => {
  const todo = whenIdle;
  whenIdle = undefined;
  if (todo) todo();
});

// Runs the handler: as a promise of what it answers, that is kept too when the event loop has run empty.
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    let answered = false;
    const settle = (error, result) => {
      if (error !== undefined && error !== null) reject(error);
      else resolve(result);
    };
    const end = (error, result) => {
      if (answered) return;
      answered = true;
      if (given.waits() && (error === undefined || error === null)) whenIdle = () => settle(null, result);
      else setImmediate(() => settle(error, result));
    };
    const given = context(headers, end);
    // A handler that never answers has answered null once nothing can happen any more.
    whenIdle = () => settle(null, null);
    const returned = handler(event, given.own, (error, result) => end(error, result));
    if (typeof returned?.then === 'function') {
      returned.then((result) => settle(null, result), (error) => reject(error ?? 'handled'));
    } else if (handler.length < 3 && !answered && RUNTIME_VERSION >= 24) {
      settle(null, returned);
    }
  });
}

function uncaught(error) {
  logError('Uncaught Exception', error);
  post(`${INVOCATION}${requestId}/error`, error).then(() => process.exit(129), () => process.exit(129));
}

function unhandled(reason, promise) {
  const error = new Fault('Runtime.UnhandledPromiseRejection', String(isError(reason) ? `${reason.name}: ${reason.message}` : reason));
  error.reason = reason;
  error.promise = promise;
  logError('Unhandled Promise Rejection', error);
  post(`${INVOCATION}${requestId}/error`, error).then(() => process.exit(128), () => process.exit(128));
}

async function serve(handler) {
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', unhandled);
  for (;;) {
    const { headers, body } = await api.call('GET', `${INVOCATION}next`);
    requestId = headers['lambda-runtime-aws-request-id'];
    if (headers['lambda-runtime-trace-id']) ENV._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    else delete ENV._X_AMZN_TRACE_ID;
    const where = INVOCATION + requestId;
    api.socket.unref();
    let answer;
    try {
      const result = await run(handler, JSON.parse(body.toString('utf8')), headers);
      try {
        answer = JSON.stringify(result === undefined ? null : result) ?? 'null';
      } catch (error) {
        throw new Fault('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`);
      }
    } catch (error) {
      logError('Invoke Error', error);
      whenIdle = undefined;
      await post(`${where}/error`, error);
      continue;
    }
    whenIdle = undefined;
    const { status, body: problem } = await api.call('POST', `${where}/response`, { 'Content-Type': 'application/json' }, answer);
    if (status === 413) write(`LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413. ${problem}`);
  }
}

(async () => {
  let handler;
  try {
    handler = await loadHandler(ENV._HANDLER);
  } catch (error) {
    logError('Uncaught Exception', error);
    await post('/2018-06-01/runtime/init/error', error);
    process.exit(1);
  }
  await serve(handler);
})();
