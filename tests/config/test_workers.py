"""What parallel workers of the tests share, and what each has alone."""

import os

from django.core.cache import cache
from redis import Redis

from config import redis_urls


def test_no_other_worker_empties_our_cache():
    ours = os.environ.get("CACHE_URL") or redis_urls.cache_url(os.environ["REDIS_URL"])
    cache.set("whose", "ours", timeout=60)
    with Redis.from_url(ours) as there:
        assert there.exists(cache.make_key("whose"))
