"""How gunicorn serves in production; `docs/operations.md` tells how to size it."""

import os

bind = "0.0.0.0:8000"
worker_class = "config.web_worker.Worker"  # threads, and our own answer to addresses that are too long
workers = int(os.environ.get("WEB_WORKERS") or 4)
threads = int(os.environ.get("WEB_THREADS") or 2)
preload_app = True  # the classifier's weights are in memory once
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats, which a slow disk must not delay
timeout = 120  # an upload of 600 MB passes through
graceful_timeout = 25
keepalive = 75  # longer than the proxy keeps its connections
max_requests = 5000
max_requests_jitter = 500
accesslog = None  # one line a request is written by the application, without addresses of people
control_socket_disable = True  # nothing asks it
