"""The zygote: a Python process with the runtime and the SDK loaded, and nothing of any function.

It forks for every new environment. The fork enters its sandbox (in the library that came with this program) before it gets
the function's variables and code. Nothing ever comes back from a fork to the zygote, so no function can leave anything for
another. The program that starts it is `sandbox::zygote`; `control`, `library`, `runtime_source` and `packages` are set there.
"""

import ctypes
import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
import time
import types

# Loaded here so that no environment has to: the SDK and what its first client needs.
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
PRELOADED = (
    "boto3", "boto3.session", "botocore.session", "botocore.client", "botocore.auth", "botocore.parsers",
    "botocore.httpsession", "botocore.handlers", "botocore.credentials", "botocore.signers", "botocore.endpoint",
    "botocore.endpoint_provider", "botocore.regions", "botocore.retries.standard", "botocore.retries.adaptive",
    "botocore.discovery", "botocore.paginate", "botocore.waiter", "boto3.resources.factory", "boto3.s3.inject",
    "boto3.dynamodb.conditions", "s3transfer.manager", "urllib.request", "http.client", "xml.etree.ElementTree",
    "email.parser", "encodings.idna", "ssl", "uuid", "hashlib", "hmac", "base64", "datetime", "decimal", "re",
    "random", "collections", "functools", "itertools", "enum", "dataclasses", "typing", "copy", "gzip", "zlib",
    "concurrent.futures.thread", "queue", "subprocess", "tempfile", "shutil", "threading", "ipaddress", "fnmatch",
)


def preload():
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError:
            # Without an SDK on this machine functions run as well, until they import it.
            pass


# Services whose models are read ahead: those that functions of security labs talk to. Others are read when asked for.
SERVICES = (
    "sts", "s3", "ec2", "iam", "config", "sns", "sqs", "dynamodb", "lambda", "logs", "events", "cloudformation", "ssm",
    "kms", "cloudtrail", "secretsmanager", "securityhub",
)


def remember_models():
    """The first client of a service reads megabytes of JSON and hundreds of directories. Both are the installation's and
    the same for everybody, so the zygote reads them once. What is in these two tables was put there by no function."""
    try:
        import botocore.loaders
        import botocore.session
    except ImportError:
        return
    loader, reader = botocore.loaders.Loader, botocore.loaders.JSONFileLoader
    read, list_services = reader.load_file, loader.list_available_services
    files, listings = {}, {}

    def load_file(self, file_path):
        if file_path not in files:
            files[file_path] = read(self, file_path)
        return files[file_path]

    def list_available_services(self, type_name):
        key = (type_name, tuple(self.search_paths))
        if key not in listings:
            listings[key] = list_services(self, type_name)
        return list(listings[key])

    reader.load_file, loader.list_available_services = load_file, list_available_services
    session = botocore.session.Session()
    known = session.get_available_services()
    for service in SERVICES:
        if service in known:
            session.create_client(
                service, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none",
            )


def load_runtime(source):
    runtime = types.ModuleType("bootstrap")
    exec(compile(source, "/var/runtime/bootstrap.py", "exec"), vars(runtime))
    return runtime


def own_modules():
    """What the managed runtimes have loaded before user code too, and so cannot be replaced by a function's modules."""
    runtime = {"bootstrap", "_socket", "decimal", "importlib", "json", "logging", "math", "os", "sys", "time"}
    return runtime | {"traceback", "types", "re", "io", "collections", "functools", "codecs", "encodings", "signal"}


def forget_replaced(folders, own):
    """A function or layer may bring its own version of a module that is loaded here: then that one has to win."""
    brought = set()
    for folder in folders:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            name = entry.name.split(".")[0]
            if entry.name == name + ".py" or entry.name.endswith(".so") or os.path.exists(entry.path + "/__init__.py"):
                brought.add(name)
    replaced = (brought & {name.split(".")[0] for name in sys.modules}) - own - set(sys.builtin_module_names)
    if replaced & set(SDK):
        replaced |= set(SDK)
    for name in list(sys.modules):
        if name.split(".")[0] in replaced:
            del sys.modules[name]


class MemoryMap(ctypes.Structure):
    """`struct prctl_mm_map`"""

    _fields_ = [(name, ctypes.c_uint64) for name in (
        "start_code", "end_code", "start_data", "end_data", "start_brk", "brk", "start_stack", "arg_start", "arg_end",
        "env_start", "env_end", "auxv",
    )] + [("auxv_size", ctypes.c_uint32), ("exe_fd", ctypes.c_uint32)]


def show_process(arguments, environment):
    """Lets /proc/self/environ and cmdline show what they would show had this process been executed, not forked. On Lambda
    the credentials are in there, and whoever tests a function that reads files for strangers wants to find them."""
    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_void_p
    with open("/proc/self/stat") as file:
        after_name = file.read().rpartition(")")[2].split()
    field = {number: int(value) for number, value in enumerate(after_name[1:], 4)}
    block = ctypes.create_string_buffer(b"".join(os.fsencode(text) + b"\0" for text in arguments + environment))
    start = ctypes.addressof(block)
    middle = start + sum(len(os.fsencode(text)) + 1 for text in arguments)
    layout = MemoryMap(
        field[26], field[27], field[45], field[46], field[47], libc.sbrk(0), field[28], start, middle, middle,
        start + len(block) - 1, 0, 0, 0xFFFFFFFF,
    )
    set_memory, set_map = 35, 14
    libc.prctl(set_memory, set_map, ctypes.byref(layout), ctypes.c_size_t(ctypes.sizeof(layout)), 0)
    return block


def become_function(settings, runtime, own, libraries):
    """Turns this fork, which is inside its sandbox by now, into the runtime of one function."""
    os.environ.clear()
    os.environ.update(settings["environment"])
    time.tzset()
    arguments = ["/var/lang/bin/python" + settings["version"], "/var/runtime/bootstrap.py"]
    try:
        settings["shown"] = show_process(arguments, ["=".join(item) for item in settings["environment"].items()])
    except (OSError, KeyError, ValueError):
        # Without /proc there is nothing to show.
        pass
    sys.path[:] = settings["path"] + libraries
    sys.path_importer_cache.clear()
    sys.argv[:] = ["/var/runtime/bootstrap.py", settings["environment"]["_HANDLER"]]
    forget_replaced(settings["path"], own)
    importlib.invalidate_caches()
    for number, name in ((1, "stdout"), (2, "stderr")):
        raw = io.FileIO(number, "w", closefd=False)
        stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", write_through=True)
        setattr(sys, name, stream)
        setattr(sys, "__{}__".format(name), stream)
    sys.modules["bootstrap"] = runtime
    # `settings` holds what /proc shows; it lives as long as the runtime.
    runtime.main()


def serve(control, library, runtime):
    own, libraries = own_modules(), list(sys.path)
    gc.collect()
    gc.freeze()
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1 << 18, 8, socket.MSG_CMSG_CLOEXEC)
        if not request:
            return
        if os.fork() == 0:
            length = int.from_bytes(request[:4], "little")
            plan = request[4:4 + length]
            handed = (ctypes.c_int * len(descriptors))(*descriptors)
            library.cloudchamber_enter(plan, ctypes.c_size_t(len(plan)), handed, ctypes.c_size_t(len(descriptors)))
            # From here on this process is inside the sandbox.
            control.detach()
            become_function(json.loads(request[4 + length:]), runtime, own, libraries)
            return
        for descriptor in descriptors:
            os.close(descriptor)


def main(control, library, runtime_source, packages):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path.extend(packages)
    import site
    site.setquit(), site.setcopyright(), site.sethelper()
    del sys.modules["site"]
    preload()
    remember_models()
    runtime = load_runtime(runtime_source)
    # Environments that lose their first parent come here, and are forgotten when they end.
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    loaded = ctypes.CDLL("/proc/self/fd/{}".format(library))
    loaded.cloudchamber_enter.restype = None
    os.close(library)
    sdk = sys.modules.get("boto3")
    control.send(json.dumps({"boto3": getattr(sdk, "__version__", None)}).encode())
    serve(control, loaded, runtime)
