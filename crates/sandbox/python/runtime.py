"""The Lambda runtime for Python: loads the handler, takes events from the Runtime API, reports results and errors.

Cloudchamber's own code. Error types, messages and log lines are those of the managed runtimes, since people match on them.
It imports only what every managed Python runtime has loaded before user code as well.
"""

import _socket
import decimal
import importlib
import json
import logging
import math
import os
import sys
import time
import traceback

HERE = "/var/runtime/bootstrap.py"
INVOCATION = "/2018-06-01/runtime/invocation/"
NO_BREAK_SPACE = "\u00a0"
FRAME = b"\xa5\x5a\x00\x01"

LEVELS = {"TRACE": "DEBUG", "FATAL": "CRITICAL"}


class Fault(Exception):
    """An error that the runtime, not the user's code, gives a type to."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind, self.message, self.trace = kind, message, trace


class Log:
    """Writes entries that may span lines. They share the pipe with print, so that the order is kept."""

    def write(self, text):
        body = text.encode("utf-8", "backslashreplace")
        whole = memoryview(FRAME + len(body).to_bytes(4, "big") + body)
        while whole:
            whole = whole[os.write(1, whole):]


class Encoder(json.JSONEncoder):
    """JSON in which a Decimal is a number with all its digits."""

    def __init__(self):
        version = os.environ.get("AWS_EXECUTION_ENV", "").rpartition("python3.")[2]
        super().__init__(ensure_ascii=not (version.isdigit() and int(version) >= 12))
        self.mark = os.urandom(16).hex()
        self.decimals = []

    def default(self, value):
        if not isinstance(value, decimal.Decimal):
            return super().default(value)
        if value.is_nan():
            return math.nan
        self.decimals.append(str(value))
        return "{}:{}".format(self.mark, len(self.decimals) - 1)

    def text(self, value):
        parts = self.encode(value).split('"' + self.mark + ":")
        for index in range(1, len(parts)):
            number, _, rest = parts[index].partition('"')
            parts[index] = self.decimals[int(number)] + rest
        return "".join(parts)


def to_json(value):
    return Encoder().text(value)


class RuntimeApi:
    """One connection to the Runtime API. It stands on the bare socket type, so that user code that patches HTTP
    libraries or default timeouts does not reach it."""

    def __init__(self, address):
        host, _, path = address.partition("/")
        name, _, port = host.partition(":")
        self.host, self.prefix = host, "/" + path if path else ""
        self.connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        self.connection.setblocking(True)
        self.connection.connect((name, int(port)))
        self.connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.pending = b""

    def call(self, method, path, headers=None, body=b""):
        lines = ["{} {}{} HTTP/1.1".format(method, self.prefix, path), "Host: " + self.host]
        lines += ["{}: {}".format(*header) for header in (headers or {}).items()]
        lines += ["Content-Length: {}".format(len(body)), "", ""]
        self.connection.sendall("\r\n".join(lines).encode("latin-1") + body)
        while b"\r\n\r\n" not in self.pending:
            self.more()
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        status, *fields = head.decode("latin-1").split("\r\n")
        answer = {}
        for field in fields:
            name, _, value = field.partition(":")
            answer[name.strip().lower()] = value.strip()
        length = int(answer.get("content-length", "0"))
        while len(self.pending) < length:
            self.more(length - len(self.pending))
        content, self.pending = self.pending[:length], self.pending[length:]
        return int(status.split(" ")[1]), answer, content

    def more(self, expected=0):
        received = self.connection.recv(max(65536, min(expected, 1 << 22)))
        if not received:
            # The supervisor has gone, and so will this process.
            os._exit(1)
        self.pending += received


class Record:
    def __init__(self, fields, values):
        self.__dict__.update({field: (values or {}).get(field) for field in fields})

    def __repr__(self):
        return "{}([{}])".format(type(self).__name__, ",".join("{}={}".format(*item) for item in vars(self).items()))


class CognitoIdentity(Record):
    pass


class Client(Record):
    pass


class ClientContext(Record):
    pass


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers, log):
        environment = os.environ.get
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = environment("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environment("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environment("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environment("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environment("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = None
        self.client_context = None
        context = parse_header(headers.get("lambda-runtime-client-context"), "Client Context")
        if context is not None:
            self.client_context = ClientContext(("custom", "env", "client"), context)
            if self.client_context.client is not None:
                names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
                self.client_context.client = Client(names, self.client_context.client)
        identity = parse_header(headers.get("lambda-runtime-cognito-identity"), "Cognito Identity") or {}
        self.identity = CognitoIdentity(("cognito_identity_id", "cognito_identity_pool_id"), {
            "cognito_identity_id": identity.get("cognitoIdentityId"),
            "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
        })
        self._epoch_deadline_time_in_ms = int(headers["lambda-runtime-deadline-ms"])
        self._log = log

    def get_remaining_time_in_millis(self):
        return max(0, self._epoch_deadline_time_in_ms - int(time.time() * 1000))

    def log(self, message):
        self._log.write(str(message))

    def __repr__(self):
        shown = ((name, value) for name, value in vars(self).items() if not name.startswith("_"))
        return "LambdaContext([{}])".format(",".join("{}={}".format(*item) for item in shown))


def parse_header(text, name):
    if not text:
        return None
    try:
        return json.loads(text.encode("latin-1").decode("utf-8"))
    except ValueError as error:
        message = "Unable to parse {} JSON: {}".format(name, error)
        raise Fault("Runtime.LambdaContextUnmarshalError", message) from None


class LambdaLoggerHandler(logging.Handler):
    """Gives every record the id of the request that is being served."""

    def __init__(self, log):
        super().__init__()
        self.log, self.request_id = log, ""

    def emit(self, record):
        record.aws_request_id = self.request_id
        self.log.write(self.format(record))


class JsonFormatter(logging.Formatter):
    """One JSON object a record, for functions whose LogFormat is JSON."""

    standard = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id"}

    def format(self, record):
        kind, error, trace = record.exc_info or (None, None, None)
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        entry = {
            "timestamp": "{}.{:03d}Z".format(seconds, int(record.msecs)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(trace) if kind else None,
            "errorType": kind.__name__ if kind else None,
            "errorMessage": str(error) if kind else None,
            "requestId": record.aws_request_id,
            "location": "{}:{}:{}".format(record.pathname, record.funcName, record.lineno) if kind else None,
        }
        entry = {name: value for name, value in entry.items() if value is not None}
        for name, value in vars(record).items():
            if name not in self.standard:
                entry.setdefault(name, value)
        return json.dumps(entry, ensure_ascii=False, default=str)


def set_up_logging(log):
    as_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler(log)
    text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter(text, "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = LEVELS.get(level, level)
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)
    root.addHandler(handler)
    return handler, as_json


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '{}': {}".format(name, error)) from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module {} as a handler module".format(module_name)
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", "Unable to import module '{}': {}".format(module_name, error)) from None
    except SyntaxError as error:
        trace = ['  File "{}" Line {}\n    {}'.format(error.filename, error.lineno, error.text)]
        message = "Syntax error in module '{}': {}".format(module_name, error)
        raise Fault("Runtime.UserCodeSyntaxError", message, trace) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = "Handler '{}' missing on module '{}'".format(function_name, module_name)
        raise Fault("Runtime.HandlerNotFound", message) from None


def describe(error, request_id=""):
    """The error document for what was raised: without the runtime's own frames at the top."""
    if isinstance(error, Fault):
        kind, message, trace = error.kind, error.message, error.trace or []
    else:
        # As tuples, which have no columns: Lambda shows no carets below the lines.
        frames = [(each.filename, each.lineno, each.name, each.line) for each in traceback.extract_tb(error.__traceback__)]
        first = next((index for index, frame in enumerate(frames) if frame[0] != HERE), 0)
        kind, message, trace = type(error).__name__, str(error), traceback.format_list(frames[first:])
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def log_error(document, log, as_json):
    if as_json:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        log.write(to_json({"timestamp": moment, "level": "ERROR", **document}))
        return
    kind, message = document["errorType"], document["errorMessage"]
    lines = ["[ERROR] {}: {}".format(kind, message) if message else "[ERROR] {}".format(kind)]
    lines.append("Traceback (most recent call last):")
    for line in "".join(part if part.endswith("\n") else part + "\n" for part in document["stackTrace"]).splitlines():
        bare = line.lstrip(" ")
        lines.append(NO_BREAK_SPACE * (len(line) - len(bare)) + bare)
    log.write("\n".join(lines))


def serve(api, handler, logger, log, as_json):
    """Takes one event after the other until the process is ended from outside."""
    while True:
        _, headers, content = api.call("GET", INVOCATION + "next")
        request_id = headers["lambda-runtime-aws-request-id"]
        logger.request_id = request_id
        trace_id = headers.get("lambda-runtime-trace-id")
        if trace_id:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        path = INVOCATION + request_id
        try:
            body, kind = answer(handler, content, LambdaContext(headers, log))
        except Exception as error:
            document = describe(error, request_id)
            log_error(document, log, as_json)
            header = {"Lambda-Runtime-Function-Error-Type": "Unhandled", "Content-Type": "application/json"}
            api.call("POST", path + "/error", header, to_json(document).encode("utf-8", "surrogatepass"))
            # The document's traceback holds the frames, and they everything that the handler had.
            del error, document
            continue
        status, _, problem = api.call("POST", path + "/response", {"Content-Type": kind}, body)
        if status == 413:
            message = "Failed to post handler success response. Http response code: 413. {}"
            log.write("LAMBDA_RUNTIME " + message.format(problem.decode("utf-8", "replace")))


def answer(handler, content, context):
    try:
        event = json.loads(content)
    except ValueError as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: {}".format(error)) from None
    result = handler(event, context)
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return to_json(result).encode("utf-8", "surrogatepass"), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: {}".format(error)) from None


def main():
    """Runs in a process that serves one function only, after its environment has been set."""
    log = Log()
    logger, as_json = set_up_logging(log)
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as error:
        document = describe(error)
        log_error(document, log, as_json)
        header = {"Lambda-Runtime-Function-Error-Type": document["errorType"], "Content-Type": "application/json"}
        api.call("POST", "/2018-06-01/runtime/init/error", header, to_json(document).encode("utf-8", "surrogatepass"))
        sys.exit(1)
    serve(api, handler, logger, log, as_json)
